"""A command run under observation, from its start to the line that remains in the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from troubleshoot.catalog.content import Content
from troubleshoot.formats import remark
from troubleshoot.model import Candidate, Catalog, Evidence
from troubleshoot.supervision.blocked import LoopWatch
from troubleshoot.supervision.supervisor import Supervisor
from troubleshoot.supervision.watch import Watch
from troubleshoot.values import frozen

SWITCH_INTERVAL = 0.0005
"""Seconds after which the thread that reads must let those pass that pass on."""


@frozen
class Observation:
    """What became of a command, and what was seen of it that names a cause or narrows it down."""

    exit_code: int
    evidence: tuple[Evidence, ...]


def observe(
    command: Sequence[str], catalog: Catalog, content: Content, slow: float | None, look: remark.Look
) -> Observation:
    """Run `command` to its end and return what became of it.

    `slow`, in seconds, is how long an event loop may be blocked unnoticed. What is said beside the output is drawn as
    `look` has it. Raises `NotStartedError`.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)

    def tell(candidate: Candidate) -> None:
        supervisor.errors.remark(remark.write(catalog, candidate, look))

    def tell_symptom(symptom: Evidence, candidates: Sequence[Candidate]) -> None:
        supervisor.errors.remark(remark.write_symptom(catalog, symptom, candidates, look))

    watch = Watch(catalog, content, tell, tell_symptom)
    with ExitStack() as stack:
        environment = dict(os.environ)
        loops = None
        if slow is not None:
            loops = stack.enter_context(LoopWatch(slow))
            environment = loops.environment(environment)
        supervisor = Supervisor(command, environment, watch.tap)
        watch.start()
        if loops is not None:

            def blocked(line: str, text: str) -> None:
                supervisor.errors.remark(remark.blocked(line, look))
                watch.examine(text)

            loops.start(blocked)
        code = supervisor.run()
        if loops is not None:
            loops.finish()
        watch.finish()
        if loops is not None and not loops.has_seen_a_loop:
            supervisor.errors.remark("troubleshoot: no event loop was watched: no asyncio program has run.\n")
        if watch.told or watch.told_symptoms:
            supervisor.errors.remark(remark.summary(list(watch.told), list(watch.told_symptoms), look))
        if watch.unread:
            supervisor.errors.remark(
                f"troubleshoot: {watch.unread >> 20} MB went by too fast to be examined; all was passed on.\n"
            )
        supervisor.errors.finish()
    reasons = [reason.evidence for candidate in watch.told.values() for reason in candidate.reasons]
    # The same observation may have spoken for several causes.
    seen = {(item.kind, item.subject, item.value, item.key, item.location): item for item in reasons}
    return Observation(exit_code=code, evidence=(*seen.values(), *watch.told_symptoms.values()))

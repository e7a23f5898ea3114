"""An exception, with what was logged beside it, to an answer; the knowledge is loaded at the first."""

from __future__ import annotations

import warnings
from functools import cached_property
from threading import Lock

from troubleshoot.api import Knowledge, load
from troubleshoot.investigation.answer import Answer, answer
from troubleshoot.investigation.intake import TOP, Intake
from troubleshoot.model import Version
from troubleshoot.sources.versions import RunningSource

LONGEST = 200_000
"""Characters of a text that are looked at: half from its beginning, half from its end."""


class Explainer:
    """Explains the failures of one program, one at a time; several threads may ask."""

    def __init__(self) -> None:
        self._lock = Lock()

    @cached_property
    def _knowledge(self) -> Knowledge:
        return load()

    @cached_property
    def _versions(self) -> tuple[Version, ...]:
        return tuple(RunningSource().collect())

    def explain(self, *texts: str) -> Answer:
        """Return the answer to what a failure has written, its traceback first. Raises `TroubleshootError`."""
        # What a module of ours warns of when it is first imported is nobody's mistake here, and must not fail a test.
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            intake = Intake(log_texts=tuple(cut(text) for text in texts if text.strip()))
            session = self._knowledge.examined(intake, self._versions)
            return answer(session, self._knowledge.renderer, TOP)


def cut(text: str) -> str:
    """Return `text`, or where it is too long its beginning and its end."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"

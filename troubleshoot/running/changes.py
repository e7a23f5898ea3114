"""The change of the program's own source that would put a cause right, looked for in a process that can be ended."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.investigation.answer import Answer
from troubleshoot.investigation.commands import change_of
from troubleshoot.investigation.own_line import OwnLine
from troubleshoot.redaction import plain, redact

if TYPE_CHECKING:
    from troubleshoot.investigation.changes import Change

PATIENCE = 5.0
"""Seconds that the search may take; whoever waits for a page gets the fix as an example then."""
STATEMENT = (
    "import os, sys; sys.path += sys.argv[3].split(os.pathsep); from troubleshoot.running.changes import main; main()"
)
"""A search would keep the program's threads and garbage collector from their work. Isolated, so that no file of the
project's stands in the place of a module; the package may be where only the program's own path leads."""


def with_change(answer: Answer) -> Answer:
    """Return `answer` with the changes of the file that its line is in, nearest first, if that file is below the
    working folder and shows the cause; else as it is."""
    first = answer.ranked[0] if answer.status == "diagnosed" else None
    if first is None or first.line is None or not any(fix.patch for fix in first.cause.fixes.values()):
        return answer
    place = Path(os.path.realpath(first.line.path))
    if Path(os.path.realpath(os.curdir)) not in place.parents or not place.is_file():
        return answer
    changes = _nearest(_looked_for(first.cause.id, place), first.line)
    if not changes:
        return answer
    first = replace(first, changes=changes, do_this=change_of(first.cause, place, changes[0]))
    return replace(answer, ranked=(first, *answer.ranked[1:]))


def _looked_for(cause: str, place: Path) -> Sequence[Change]:
    command = [sys.executable, "-I", "-c", STATEMENT, cause, str(place), os.pathsep.join(sys.path)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    found: Sequence[Change] = pickle.loads(done.stdout)
    return found


def _nearest(changes: Sequence[Change], line: OwnLine) -> tuple[Change, ...]:
    def distance(change: Change) -> tuple[bool, int]:
        finding = change.proposal.finding
        return finding.function.rpartition(".")[2] != line.function, abs(finding.line - line.line)

    return tuple(replace(item, diff=redact(plain(item.diff))) for item in sorted(changes, key=distance))


def main() -> None:
    """Write the changes for a cause in a file, both given as arguments, for the process that has asked."""
    from troubleshoot.api import load
    from troubleshoot.investigation.changes import changes_for

    knowledge = load()
    changes = changes_for(knowledge.catalog.causes[sys.argv[1]], Path(sys.argv[2]), knowledge.renderer)
    sys.stdout.buffer.write(pickle.dumps(changes))

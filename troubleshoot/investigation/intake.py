"""What the user hands over, and what is told how far the work has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.values import frozen

if TYPE_CHECKING:
    from troubleshoot.inspection.target import Target

STANDARD_INPUT = "-"
TOP = 3
"""How many causes an answer names at most, unless more are asked for."""


def _no_bytes(_name: str, _size: int) -> Callable[[int], None]:
    return lambda _: None


def _no_seconds(_name: str) -> Callable[[float | None], None]:
    return lambda _: None


def _nothing(_what: str) -> None:
    pass


@frozen
class Progress:
    """What is told how far the work has come; by default nothing is shown.

    `reading` is given a log's name and its size in bytes (0 if unknown), and returns what is told how many bytes have
    been read. `importing` is given an application's name, and returns what is told for how many seconds it is being
    imported, and None at the end. `doing` is told what is being done with the source, and nothing at the end.
    """

    reading: Callable[[str, int], Callable[[int], None]] = _no_bytes
    importing: Callable[[str], Callable[[float | None], None]] = _no_seconds
    doing: Callable[[str], None] = _nothing


SILENT = Progress()


@frozen
class Intake:
    """Whatever was given: a complaint, logs (`-` is standard input), source, other tools' findings, answers, an app.

    `log_texts` are logs that are at hand as text, under no name.
    """

    complaint: str = ""
    logs: Sequence[str] = ()
    log_texts: Sequence[str] = ()
    source: Path | None = None
    findings: Sequence[Path] = ()
    answers: Sequence[str] = ()
    answers_file: Path | None = None
    app: Target | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was handed over at all."""
        logs = (*self.logs, *self.log_texts)
        return not any((self.complaint, logs, self.source, self.findings, self.answers, self.answers_file, self.app))

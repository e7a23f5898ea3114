"""The errors a user can meet, and the exit codes they end in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple


class ExitCode(IntEnum):
    """What the process tells its caller."""

    NAMED = 0
    NO_CAUSE = 1
    USAGE = 2
    KNOWLEDGE = 3
    SKIPPED = 4
    BUG = 70
    INTERRUPTED = 130


class TroubleshootError(Exception):
    """Something the user can put right; its text is one clear sentence."""

    exit_code = ExitCode.USAGE


class UsageError(TroubleshootError):
    """The command line, or a file named on it, cannot be used as it is."""


class AnswerNeededError(UsageError):
    """A value is missing and there is no terminal to ask for it on."""


class OutputError(TroubleshootError):
    """A result could not be written; nothing was left half-written."""


class Problem(NamedTuple):
    """One mistake in the knowledge: where it is, and what to write instead."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class KnowledgeError(TroubleshootError):
    """The knowledge is invalid; carries every problem found, not only the first."""

    exit_code = ExitCode.KNOWLEDGE

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the known words nearest to `word`, or nothing."""
    import difflib

    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.55)
    return f"; did you mean {' or '.join(repr(name) for name in near)}?" if near else ""

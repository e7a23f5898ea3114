"""What a door is, through which input comes in: a function of bytes that asserts what holds of any input.

What leaves a door is of its type, or a `TroubleshootError` of which each line can be shown; a bug that the program
contains elsewhere is raised here.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.printed import check_printed
from tests.fuzz.strategies import Vary, spoilt
from troubleshoot.errors import TroubleshootError

PATIENCE = 3.0
"""Seconds of processor time for any input, and as many again for each further 10,000 bytes."""


class TooSlowError(BaseException):
    """An input takes longer than anybody waits; not to be caught by what contains bugs."""


@dataclass(frozen=True)
class Door:
    """What `check` asserts of any bytes; `seeds` are ordinary inputs, which `vary` makes others of.

    `examples` is how many of them a run of the tests tries.
    """

    check: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    vary: Vary
    examples: int

    @property
    def name(self) -> str:
        """What the door is called, on the command line and in the folder of its corpus."""
        return self.check.__name__

    def enter(self, data: bytes) -> None:
        """Let one input in. Raises whatever shows a bug."""
        with patience(PATIENCE * (1 + len(data) / 10_000)):
            try:
                self.check(data)
            except TroubleshootError as error:
                check_printed(str(error))


DOORS: dict[str, Door] = {}


def door(
    of: Callable[[], Sequence[bytes]], *, vary: Vary = spoilt, examples: int = 100
) -> Callable[[Callable[[bytes], object]], Callable[[bytes], object]]:
    """Make a door of what checks an input."""

    def made(check: Callable[[bytes], object]) -> Callable[[bytes], object]:
        found = Door(check, of, vary, examples)
        DOORS[found.name] = found
        return check

    return made


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Raise `TooSlowError` in what takes more processor time than this."""

    def stop(_number: int, _frame: object) -> None:
        raise TooSlowError(f"more than {seconds:.1f} s of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    started = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    # What is written in C is not interrupted.
    assert time.process_time() - started < seconds + 1


@contextmanager
def prepared() -> Iterator[None]:
    """Stand in an empty folder with state and cache of one's own; bugs that are contained are raised."""
    before, here = dict(os.environ), Path.cwd()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        root = Path(name).resolve()
        os.environ.update(
            XDG_CACHE_HOME=str(root / "cache"), XDG_STATE_HOME=str(root / "state"), TROUBLESHOOT_DEBUG="1"
        )
        os.environ.pop("VIRTUAL_ENV", None)
        (root / "here").mkdir()
        os.chdir(root / "here")
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def folder() -> Iterator[Path]:
    """Return an empty folder below the current one, gone afterwards."""
    path = Path("input")
    path.mkdir()
    try:
        yield path.resolve()
    finally:
        shutil.rmtree(path)


@contextmanager
def file(data: bytes, name: str = "input.txt") -> Iterator[Path]:
    """Return a file that holds `data`."""
    with folder() as place:
        (place / name).write_bytes(data)
        yield place / name


def text_of(data: bytes) -> str:
    """Return a text for any bytes, with halves of characters where they are no UTF-8."""
    return data.decode(errors="surrogateescape")

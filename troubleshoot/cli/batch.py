"""`troubleshoot answer --batch`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from troubleshoot.cli.common import load, tells_progress
from troubleshoot.errors import ExitCode, UsageError
from troubleshoot.investigation.intake import STANDARD_INPUT

if TYPE_CHECKING:
    from types import FrameType

    Read = Callable[[int], bytes]


def answer_batch(context: typer.Context, name: str, top: int, jobs: int) -> NoReturn:
    """Answer each line of JSON in a file, or of standard input, with a line; exit with the gravest that was met."""
    from troubleshoot.api import Knowledge
    from troubleshoot.batch.workers import answers

    progress: Callable[[int], None] = lambda _: None  # noqa: E731
    if tells_progress() and not sys.stdout.isatty():
        from troubleshoot.ui.progress import counted

        progress = counted()
    code = ExitCode.NAMED
    with _opened(name) as read, closing(answers(read, Knowledge.of(*load(context)), top, jobs)) as found:
        for answered in found:
            with _whole():
                _write("".join(item.text for item in answered))
            code = max(code, *(item.code for item in answered))
            progress(len(answered))
    progress(0)
    raise typer.Exit(code)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _opened(name: str) -> Iterator[Read]:
    """Open what is to be read, for reads that return as soon as there is something. Raises `UsageError`."""
    if name == STANDARD_INPUT:
        yield lambda size: os.read(sys.stdin.fileno(), size)
        return
    path = Path(name)
    try:
        stream = path.open("rb", buffering=0)
    except IsADirectoryError as error:
        raise UsageError(f"--batch {path}: is a folder; name the file in it") from error
    except OSError as error:
        raise UsageError(f"--batch {path}: cannot be opened: {error.strerror}") from error
    with stream:
        yield stream.read


def _write(text: str) -> None:
    # A stream that is not buffered takes a part of what it is given, and says so only here.
    rest = memoryview(text.encode(sys.stdout.encoding, sys.stdout.errors or "strict"))
    while rest:
        rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()


@contextmanager
def _whole() -> Iterator[None]:
    """Let an interruption wait until what is written stands there whole; a second one does not wait."""
    waiting: list[bool] = []

    def wait(_number: int, _frame: FrameType | None) -> None:
        if waiting:
            raise KeyboardInterrupt
        waiting.append(True)

    before = signal.signal(signal.SIGINT, wait)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if waiting:
        raise KeyboardInterrupt

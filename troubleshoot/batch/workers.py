"""Lines shared between processes: no more of them at a time than these can work on, answered in their order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from queue import SimpleQueue
from threading import Semaphore, Thread
from types import FrameType
from typing import TypeAlias

from troubleshoot import redaction
from troubleshoot.api import Knowledge
from troubleshoot.batch.answering import Answered, answer_to
from troubleshoot.batch.cases import Line, lines_of
from troubleshoot.errors import TroubleshootError

SAFE_PATH = "PYTHONSAFEPATH"
"""Tells a new interpreter not to look for its modules in the current folder, which is somebody's project."""
AHEAD = 4
"""Reads for each process that are worked on, or wait."""
Event: TypeAlias = list[Line] | BaseException | None
"""Lines that have been read; what ended the reading; nothing but that something is done."""

_given: list[tuple[Knowledge, int]] = []
"""In a process that answers: the knowledge, and how many causes are wanted; nothing once nobody wants any more."""


class _LeftOffError(BaseException):
    """What is being answered is no longer wanted."""


def answers(
    read: Callable[[int], bytes], knowledge: Knowledge, top: int, jobs: int, method: str = ""
) -> Generator[Sequence[Answered], None, None]:
    """Yield the answers to what `read` returns, as soon as they are there, in `jobs` processes; in this one for one.

    `method` says how they are started, as `multiprocessing` has it. Raises `TroubleshootError` if one of them dies.
    """
    method = method or best_method()
    if jobs == 1 or not method:
        for lines in lines_of(read):
            yield [answer_to(line, knowledge, top) for line in lines]
        return
    pool = _pool(jobs, method, (knowledge, top, redaction.SALT, os.getpid()))
    try:
        yield from _shared(pool, jobs, read)
    except BrokenProcessPool:
        raise TroubleshootError("a process that answers was ended from outside; `--jobs 1` needs none") from None
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def best_method() -> str:
    """Return how processes are started here, nothing if there is no way that is safe."""
    if hasattr(os, "fork") and sys.platform != "darwin":
        return "fork"
    # Before it knows `SAFE_PATH`, Python has no way that is safe.
    return "spawn" if sys.version_info >= (3, 11) else ""


def _shared(
    pool: ProcessPoolExecutor, jobs: int, read: Callable[[int], bytes]
) -> Generator[Sequence[Answered], None, None]:
    events: SimpleQueue[Event] = SimpleQueue()
    room = Semaphore(jobs * AHEAD)
    Thread(target=_read, args=(lines_of(read), events, room), daemon=True).start()
    running: deque[Future[list[Answered]]] = deque()
    is_open = True
    while is_open or running:
        event = events.get()
        if isinstance(event, list):
            future = pool.submit(_answer, event)
            running.append(future)
            future.add_done_callback(lambda _: events.put(None))
        elif isinstance(event, EOFError):
            is_open = False
        elif event is not None:
            raise event
        while running and running[0].done():
            yield running.popleft().result()
            room.release()


def _pool(jobs: int, method: str, given: tuple[Knowledge, int, bytes, int]) -> ProcessPoolExecutor:
    """Return `jobs` processes, all of them started: a copy of this one must be made while it has no second thread."""
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        pool = ProcessPoolExecutor(jobs, multiprocessing.get_context(method), _begin, given)
        for future in [pool.submit(os.getpid) for _ in range(jobs)]:
            future.result()
    finally:
        del os.environ[SAFE_PATH]
        if before is not None:
            os.environ[SAFE_PATH] = before
    return pool


def _read(chunks: Iterable[list[Line]], events: SimpleQueue[Event], room: Semaphore) -> None:
    """Put what is read where it is waited for, as fast as there is room."""
    try:
        for lines in chunks:
            room.acquire()
            events.put(lines)
        events.put(EOFError())
    except BaseException as error:  # it is raised where somebody sees it
        events.put(error)


def _begin(knowledge: Knowledge, top: int, salt: bytes, parent: int) -> None:
    """Make a process ready to answer: what interrupts the program is for its parent, without which it does not stay."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave_off)
    redaction.SALT = salt
    _given[:] = [(knowledge, top)]
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while _given and os.getppid() == parent:
        time.sleep(0.5)
    time.sleep(1)
    os._exit(1)


def _leave_off(_number: int, frame: FrameType | None) -> None:
    """Answer no more, and end soon: to end while something is said would leave the parent waiting for the rest."""
    _given.clear()
    while frame is not None:
        if frame.f_code is _answer.__code__:
            raise _LeftOffError
        frame = frame.f_back


def _answer(lines: list[Line]) -> list[Answered]:
    try:
        return [answer_to(line, knowledge, top) for line in lines for knowledge, top in _given]
    except _LeftOffError:
        return []

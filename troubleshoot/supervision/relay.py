"""Passes a child's output on: the same bytes, at once, to the same places, with remarks only between its lines."""

from __future__ import annotations

import fcntl
import os
import termios
import threading
from collections.abc import Callable
from contextlib import suppress

CHUNK = 1 << 16
PIPE_SIZE = 1 << 20
AFTERMATH = 0.1
"""Seconds without output after which the output of a child that has ended counts as complete."""

Tap = Callable[[bytes], None]


class Sink:
    """A place that output goes to, a terminal or a file, where a remark waits for the end of the line.

    `is_raw` tells whether it is a terminal that makes no line ends by itself.
    """

    def __init__(self, descriptor: int, is_raw: Callable[[], bool] = lambda: False) -> None:
        self.descriptor = descriptor
        self._is_raw = is_raw
        self._lock = threading.Lock()
        self._is_at_line_start = True
        self._remarks: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Write `data`, and behind its first line end the remarks that have waited. Raises `OSError`."""
        with self._lock:
            if self._remarks and (end := data.find(b"\n") + 1):
                self._put(data[:end])
                self._put_remarks()
                data = data[end:]
            self._put(data)

    def remark(self, text: str) -> None:
        """Write `text`, whole lines, as soon as no line of the child's is unfinished."""
        with self._lock:
            self._remarks.append(text.encode(errors="replace"))
            if self._is_at_line_start:
                with suppress(OSError):
                    self._put_remarks()

    def finish(self) -> None:
        """Write the remarks that still wait, on a line of their own."""
        with self._lock, suppress(OSError):
            if self._remarks and not self._is_at_line_start:
                self._put(b"\n")
            self._put_remarks()

    def _put_remarks(self) -> None:
        waiting, self._remarks = b"".join(self._remarks), []
        self._put(waiting.replace(b"\n", b"\r\n") if self._is_raw() else waiting)

    def _put(self, data: bytes) -> None:
        if data:
            self._is_at_line_start = data.endswith(b"\n")
        left = memoryview(data)
        while left:
            left = left[os.write(self.descriptor, left) :]


class Stream:
    """One way for the child's output: a terminal of its own where ours goes to one, else a pipe."""

    def __init__(self, sink: Sink, tap: Tap, ends: tuple[int, int] | None = None) -> None:
        """`ends` are those of a terminal that is there already, the first of them ours."""
        self.sink = sink
        self.is_terminal = ends is None and os.isatty(sink.descriptor)
        self._makes_line_ends = ends is not None
        self._tap = tap
        self._passed = 0
        self._is_busy = False
        self.source, self.child_end = ends or (self._terminal() if self.is_terminal else self._pipe())
        self._thread = threading.Thread(target=self._pass_on, daemon=True)

    def start(self) -> None:
        """Begin to pass on; the child has its end by now."""
        os.close(self.child_end)
        self._thread.start()

    def resize(self) -> None:
        """Give the child's terminal the size of ours."""
        with suppress(OSError):
            size = fcntl.ioctl(self.sink.descriptor, termios.TIOCGWINSZ, bytes(8))
            fcntl.ioctl(self.source, termios.TIOCSWINSZ, size)

    def drain(self) -> None:
        """Wait until everything written by the child, which has ended, is passed on.

        Something that it left running may hold its output open for ever, so silence is enough.
        """
        while self._thread.is_alive():
            passed = self._passed
            self._thread.join(AFTERMATH)
            if passed == self._passed and not self._is_busy:
                return

    def _terminal(self) -> tuple[int, int]:
        source, child_end = os.openpty()
        attributes = termios.tcgetattr(self.sink.descriptor)
        # Line ends are made by the real terminal, once.
        attributes[1] &= ~termios.OPOST
        termios.tcsetattr(child_end, termios.TCSANOW, attributes)
        self.source = source
        self.resize()
        return source, child_end

    def _pipe(self) -> tuple[int, int]:
        source, child_end = os.pipe()
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):
                fcntl.fcntl(source, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
        return source, child_end

    def _pass_on(self) -> None:
        # A child's end of a terminal that is closed reads as an error; a reader of ours that has gone is passed on to
        # the child by closing what it writes to.
        with suppress(OSError):
            while data := os.read(self.source, CHUNK):
                self._is_busy = True
                self.sink.write(data)
                self._tap(data.replace(b"\r\n", b"\n") if self._makes_line_ends else data)
                self._passed += len(data)
                self._is_busy = False
        self._is_busy = False
        os.close(self.source)


def same_place(one: int, other: int) -> bool:
    """Whether two descriptors lead to the same terminal, pipe or file, so that the order of what is written matters."""
    first, second = os.fstat(one), os.fstat(other)
    return (first.st_dev, first.st_ino) == (second.st_dev, second.st_ino)

"""A log while it is being written: cut into pieces that can be read for themselves, never inside a traceback."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.sources.blocks import CARRIED
from troubleshoot.sources.tracebacks import episodes, may_go_on

HEADER = b"Traceback (most recent"
QUIET = 0.3
"""Seconds of silence after which nothing more is expected to belong to what has been written."""
LONGEST_WAIT = 1.0
"""Seconds that a line waits for silence, unless it may belong to a traceback."""


class LiveLog:
    """What has been written to one stream and not been read yet; times are those of a monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._rest = b""
        self._since = 0.0
        self._latest = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether a line has been written that has not been read."""
        return b"\n" in self._rest

    def feed(self, data: bytes, now: float) -> Iterator[bytes]:
        """Take in what was written and yield what can be read by now."""
        if not self._rest:
            self._since = now
        self._rest += data
        self._latest = now
        yield from self._ready()
        yield from self.tick(now)

    def tick(self, now: float) -> Iterator[bytes]:
        """Yield what need not wait any longer, because it has become quiet."""
        is_quiet = now - self._latest >= QUIET
        if self._rest and (is_quiet or (now - self._since >= LONGEST_WAIT and HEADER not in self._rest)):
            self._since = now
            # A line that is not finished, such as a prompt, goes on some time.
            yield from self._take(self._rest.rfind(b"\n") + 1)

    def close(self) -> Iterator[bytes]:
        """Yield all the rest."""
        yield from self._take(len(self._rest))

    def _ready(self) -> Iterator[bytes]:
        whole = self._rest.rfind(b"\n") + 1
        if HEADER in self._rest[:whole]:
            lines = self._rest[:whole].decode("latin-1").splitlines(keepends=True)
            for first, end, traceback in list(episodes(lines)):
                if end < len(lines):
                    yield from self._take(sum(map(len, lines[first:end])))
                elif traceback is not None and not may_go_on(lines, traceback):
                    # The last line may say where a traceback comes from that has not arrived yet.
                    yield from self._take(sum(map(len, lines[first : end - 1])))
        if len(self._rest) >= CARRIED:
            yield from self._take(self._rest.rfind(b"\n") + 1 or len(self._rest))

    def _take(self, size: int) -> Iterator[bytes]:
        piece, self._rest = self._rest[:size], self._rest[size:]
        if piece:
            yield piece

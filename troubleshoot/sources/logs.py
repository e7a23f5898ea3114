"""Logs as people have them: streamed in blocks, searched by one automaton, read closely only where something stands."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO, TypeAlias

from troubleshoot.model import Catalog, Evidence, Package, Skipped, Trust, Version
from troubleshoot.redaction import ESCAPES, plain, shown
from troubleshoot.sources.signatures import Automaton, Match, Signature, compiled, lines_matching, signatures_of
from troubleshoot.sources.tracebacks import Frame, Traceback, frames_in, tracebacks
from troubleshoot.versions.lines import PATTERN as VERSION_LINE
from troubleshoot.versions.lines import versions_in

BLOCK = 1 << 20
CARRIED = 64 << 10
"""Bytes of an unfinished traceback that are kept for the next block."""
NEARBY = 30
"""Lines around a match that count as its surroundings when it stands in no traceback."""
SIGHTINGS = 3
"""How often a signature is located; later sightings add nothing."""
ATTEMPTS = 50
"""How often a match is tried against its surroundings before its signature is given up."""
PROSE = 0.5
"""How certainly an error that is named in prose has happened."""
TRACEBACK = r"Traceback \(most recent call last\)"
TRACEBACKS = 50
"""How many tracebacks are read for what they say, besides those a signature points at."""
VERSIONS = 200
"""How many lines are read for the versions they name."""
VERSION = Signature(VERSION_LINE, "", "version", "", "", "")
"""Stands for any line that names a version of a package."""
LIMITS: Mapping[Signature | None, int] = {None: TRACEBACKS, VERSION: VERSIONS}

THREADS = 2
Progress = Callable[[int], None]
Block: TypeAlias = tuple[bytes, int]
"""Whole lines of a log, and the number of the first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, and the automaton that finds it; None stands for any traceback."""

    automaton: Automaton
    signatures: Sequence[Signature | None]

    @classmethod
    def of(cls, signatures: Sequence[Signature | None]) -> Wanted:
        """Build the automaton, which takes longer than to read a short log with it."""
        return cls(Automaton([signature.pattern if signature else TRACEBACK for signature in signatures]), signatures)

    @classmethod
    def all_of(cls, catalog: Catalog) -> Wanted:
        """Look for everything that `catalog` knows."""
        return cls.of([None, VERSION, *signatures_of(catalog)])


@dataclass(slots=True)
class LogSource:
    """One log: a file, a stream or a pasted text.

    `certainty` (0 to 1) is how far a line outside a traceback shows a symptom: in prose, an error's name may stand
    for something else. `progress` is told the number of bytes after each block. After `collect`, `exceptions` holds
    the last lines of the tracebacks seen, each once, and `quoted` what the signatures matched. `wanted`, if given, is
    what to search for, made once for many logs.
    """

    catalog: Catalog
    stream: BinaryIO
    name: str
    source: str = "log"
    certainty: float = 1.0
    progress: Progress = lambda _: None
    exceptions: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    wanted: Wanted | None = None

    def collect(self) -> Iterator[Evidence | Version | Skipped]:
        """Yield a piece of evidence for each signature that occurs, at its first places, and the versions named."""
        scan = _Scan(self)
        blocks = _blocks(self.stream)
        first = next(blocks, None)
        if first is None:
            yield Skipped(source=self.source, location=self.name, why="it is empty")
            return
        if _is_binary(first[0]):
            yield Skipped(source=self.source, location=self.name, why="it is not text")
            return
        size = 0
        for searched in chain([scan.search(first)], _ahead(scan.search, blocks)):
            if size:
                scan.narrow()
            yield from scan.read(searched)
            size += len(searched.text)
            self.progress(size)

    @classmethod
    def of_complaint(cls, catalog: Catalog, text: str) -> LogSource:
        """Return a source for what stands in a complaint."""
        return cls(catalog, io.BytesIO(text.encode()), "", "complaint", PROSE)


def _is_binary(block: bytes) -> bool:
    head = block[:4096]
    return b"\0" in head or len(head.translate(None, bytes(range(1, 9)) + bytes(range(14, 27)))) < 0.9 * len(head)


def _blocks(stream: BinaryIO) -> Iterator[Block]:
    """Yield blocks of whole lines with the number of their first line; a traceback is not cut in two."""
    rest, line = b"", 1
    data = stream.read(BLOCK)
    while data:
        following = stream.read(BLOCK)
        block = rest + data
        cut = _cut(block) if following else len(block)
        yield block[:cut], line
        line += block.count(b"\n", 0, cut)
        rest, data = block[cut:], following


def _cut(block: bytes) -> int:
    """Return where `block` can end: behind a line, and before a traceback that may go on in the next."""
    cut = block.rfind(b"\n") + 1
    header = block.rfind(b"Traceback (most recent", max(0, len(block) - CARRIED))
    if header > 0:
        cut = min(cut, block.rfind(b"\n", 0, header) + 1)
    return cut or len(block)


def _ahead(search: Callable[[Block], _Searched], blocks: Iterator[Block]) -> Iterator[_Searched]:
    """Yield each block searched, in order, a few of them being searched at the same time.

    The automaton leaves the interpreter to others while it works, so two threads read a log twice as fast.
    """
    second = next(blocks, None)
    if second is None:
        return
    from collections import deque
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(THREADS) as pool:
        running: deque[Future[_Searched]] = deque([pool.submit(search, second)])
        for block in blocks:
            running.append(pool.submit(search, block))
            if len(running) > THREADS:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


@dataclass(frozen=True, slots=True)
class _Searched:
    """A block, made readable, with the number of its first line and the signatures that occur in it."""

    text: bytes
    first_line: int
    found: Sequence[Signature | None]


class _Scan:
    """What has been found so far in one log, and what is still looked for."""

    def __init__(self, log: LogSource) -> None:
        self.log = log
        self.seen: Counter[Signature | None] = Counter()
        self.tried: Counter[Signature | None] = Counter()
        self.versions: dict[Package, str] = {}
        self.told: set[str] = set()
        self.wanted = log.wanted or Wanted.all_of(log.catalog)

    def search(self, block: Block) -> _Searched:
        """Return what occurs in `block`. Called from several threads."""
        wanted = self.wanted
        text = _readable(block[0])
        return _Searched(text, block[1], [wanted.signatures[index] for index in wanted.automaton.search(text)])

    def read(self, searched: _Searched) -> Iterator[Evidence | Version]:
        """Yield the evidence in a block that has been searched."""
        if not searched.found:
            return
        region = _Region(searched.text, searched.first_line)
        for signature in searched.found:
            if signature is None:
                self.remember_exceptions(region)
            elif signature is VERSION:
                yield from self.name_versions(region)
            else:
                yield from self.locate(signature, region)

    def narrow(self) -> None:
        """No longer search for what has been found, or tried in vain, often enough."""
        left = [
            signature
            for signature in self.wanted.signatures
            if self.seen[signature] < LIMITS.get(signature, SIGHTINGS) and self.tried[signature] < ATTEMPTS
        ]
        if len(left) < len(self.wanted.signatures):
            self.wanted = Wanted.of(left)

    def remember_exceptions(self, region: _Region) -> None:
        for traceback in region.tracebacks:
            self.seen[None] += 1
            for exception in traceback.exceptions[-1:]:
                line = shown(exception)
                if line not in self.told:
                    self.told.add(line)
                    self.log.exceptions.append(line)

    def name_versions(self, region: _Region) -> Iterator[Version]:
        """Yield each version that is not the one named last; of a link, only the series is known."""
        for match in lines_matching(compiled(VERSION_LINE), region.text):
            if self.seen[VERSION] >= VERSIONS:
                return
            self.seen[VERSION] += 1
            index = region.index(match.start)
            for package, text in versions_in(region.lines[index]):
                if self.versions.get(package) != text:
                    self.versions[package] = text
                    location = f"{self.log.name}:{region.first_line + index}" if self.log.name else self.log.source
                    trust: Trust = "series" if text.endswith("*") else "log"
                    yield Version(package=package, text=text, trust=trust, location=location)

    def locate(self, signature: Signature, region: _Region) -> Iterator[Evidence]:
        within = compiled(signature.within) if signature.within else None
        for match in lines_matching(compiled(signature.pattern), region.text):
            if self.seen[signature] >= SIGHTINGS or self.tried[signature] >= ATTEMPTS:
                return
            self.tried[signature] += 1
            index = region.index(match.start)
            context, traceback = region.context(index)
            if within is not None and within.search("\n".join(context)) is None:
                continue
            self.seen[signature] += 1
            self.log.quoted.append(match.quoted)
            yield self.evidence(signature, region, index, match, context, traceback)

    def evidence(
        self,
        signature: Signature,
        region: _Region,
        index: int,
        match: Match,
        context: Sequence[str],
        traceback: Traceback | None,
    ) -> Evidence:
        frame = traceback.own_frame if traceback else _own(frames_in(context))
        captured = dict(match.groups)
        what = shown(_quoted(region.text[match.start : match.end], signature))
        if frame is not None:
            captured |= {"file": frame.file, "line": str(frame.line), "module": frame.module}
            if frame.function.isidentifier():
                captured["function"] = frame.function
            what += f" (in {frame.function or 'your code'}, {shown(frame.file, 60)}:{frame.line})"
        location = f"{self.log.name}:{region.first_line + index}" if self.log.name else ""
        return Evidence(
            kind=signature.kind,
            subject=signature.subject,
            value=signature.value,
            key=signature.key,
            degree=1.0 if traceback else self.log.certainty,
            source=self.log.source,
            location=location,
            what=what,
            captured={name: plain(value) for name, value in captured.items()},
        )


class _Region:
    """A block taken apart into lines, once something stands in it."""

    def __init__(self, text: bytes, first_line: int) -> None:
        self.text = text
        self.first_line = first_line
        self.lines = text.decode(errors="replace").split("\n")
        self.starts = [0]
        for line in text.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.tracebacks = list(tracebacks(self.lines))

    def index(self, position: int) -> int:
        """Return the index of the line that holds the byte at `position`."""
        return bisect_right(self.starts, position) - 1

    def context(self, index: int) -> tuple[list[str], Traceback | None]:
        """Return the lines around line `index`, and the traceback it stands in, if any."""
        if "\\n" in self.lines[index]:
            # A traceback inside a JSON record is one line of the log.
            lines = self.lines[index].replace("\\n", "\n").split("\n")
            return lines, next(tracebacks(lines), None)
        for traceback in self.tracebacks:
            if traceback.first <= index <= traceback.last:
                return self.lines[traceback.first : traceback.last + 1], traceback
        return self.lines[max(0, index - NEARBY) : index + NEARBY], None


def _readable(block: bytes) -> bytes:
    """Return `block` with the same lines, without colours and the backslashes of JSON in front of quotes."""
    if b"\x1b" in block:
        block = ESCAPES.sub("", block.decode(errors="replace")).encode()
    if b"\\" in block:
        block = block.replace(b'\\"', b'"')
    return block


def _quoted(line: bytes, signature: Signature) -> str:
    """Return the part of `line` worth quoting: the line, or for a record that holds many, the one that matched."""
    parts = line.decode(errors="replace").replace("\\n", "\n").split("\n")
    if len(parts) == 1:
        return parts[0]
    pattern = compiled(signature.pattern)
    return next((part for part in parts if pattern.search(part)), parts[0])


def _own(frames: Sequence[Frame]) -> Frame | None:
    return next((frame for frame in reversed(frames) if frame.is_own), None)

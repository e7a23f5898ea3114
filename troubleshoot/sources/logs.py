"""Logs as people have them: streamed in blocks, searched by one automaton, read closely only where something stands."""

from __future__ import annotations

import builtins
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import BinaryIO, NamedTuple

from troubleshoot.catalog.signatures import EXCEPTION, TRACEBACK, VERSION, Signature, Signatures, signatures_of
from troubleshoot.model import Catalog, Evidence, Package, Skipped, Trust, Version
from troubleshoot.patterns import compiled
from troubleshoot.redaction import plain, shown
from troubleshoot.sources.blocks import Block, ahead, blocks_of, is_binary, readable
from troubleshoot.sources.frames import is_script
from troubleshoot.sources.regions import Region, Surroundings, quoted
from troubleshoot.sources.signatures import Automaton, Match, lines_matching
from troubleshoot.sources.tracebacks import NAMESAKE
from troubleshoot.versions.lines import versions_in

SIGHTINGS = 3
"""How often a signature is located; later sightings add nothing."""
ATTEMPTS = 50
"""How often a match is tried against its surroundings before its signature is given up."""
IMPORTING = re.compile(r"\s*(?:from [\w.]+ )?import \w|.*\bcannot import name\b")
"""A line that names things in order to import them: an exception that is named there was not raised."""
NAME = re.compile(r"[\w.]+")
UNASKED = re.compile(r'.*"GET /(?:favicon\.ico|apple-touch-icon\S*|robots\.txt|\.well-known/\S*) ')
"""What browsers ask for by themselves; that it is not there is as it should be."""
TRACEBACKS = 50
"""How many tracebacks are read for what they say, besides those a signature points at."""
STATEMENT = 80
"""Characters that are shown of a statement."""
VERSIONS = 200
"""How many lines are read for the versions they name."""
LIMITS: Mapping[Signature, int] = {TRACEBACK: TRACEBACKS, EXCEPTION: TRACEBACKS, VERSION: VERSIONS}

Progress = Callable[[int], None]


class Wanted(NamedTuple):
    """What is looked for, and the automaton that finds it."""

    known: Signatures
    automaton: Automaton

    @classmethod
    def of(cls, known: Signatures) -> Wanted:
        """Look for `known`."""
        return cls(known, Automaton(known))

    @classmethod
    def all_of(cls, catalog: Catalog) -> Wanted:
        """Look for everything that `catalog` knows."""
        return cls.of(signatures_of(catalog))


class LogSource:
    """One log: a file, a stream or a pasted text.

    `progress` is told the number of bytes after each block. After `collect`, `exceptions` holds the last lines of the
    tracebacks seen, each once, `quoted` what the signatures matched, and `exact` what those that confirm a cause did.
    `wanted`, if given, is what to search for, made once for many logs. `beside` are lines that were handed over with
    it, and that count as the surroundings of what stands in no traceback.
    """

    def __init__(
        self,
        catalog: Catalog,
        stream: BinaryIO,
        name: str,
        source: str = "log",
        progress: Progress = lambda _: None,
        wanted: Wanted | None = None,
        beside: Sequence[str] = (),
    ) -> None:
        self.catalog = catalog
        self.stream = stream
        self.name = name
        self.source = source
        self.progress = progress
        self.wanted = wanted
        self.beside = beside
        self.exceptions: list[str] = []
        self.quoted: list[str] = []
        self.exact: set[str] = set()

    def collect(self) -> Iterator[Evidence | Version | Skipped]:
        """Yield a piece of evidence for each signature that occurs, at its first places, and the versions named."""
        scan = _Scan(self)
        blocks = blocks_of(self.stream)
        first = next(blocks, None)
        if first is None:
            yield Skipped(source=self.source, location=self.name, why="it is empty")
            return
        if is_binary(first[0]):
            yield Skipped(source=self.source, location=self.name, why="it is not text")
            return
        size = 0
        for searched in chain([scan.search(first)], ahead(scan.search, blocks)):
            if size:
                scan.narrow()
            yield from scan.read(searched)
            size += len(searched.text)
            self.progress(size)


class _Searched(NamedTuple):
    """A block, made readable, with the number of its first line and the signatures that occur in it."""

    text: bytes
    first_line: int
    found: Sequence[Signature]


class _Scan:
    """What has been found so far in one log, and what is still looked for."""

    def __init__(self, log: LogSource) -> None:
        self.log = log
        self.seen: Counter[Signature] = Counter()
        self.tried: Counter[Signature] = Counter()
        self.explained: set[str] = set()
        self.versions: dict[Package, str] = {}
        self.told: set[str] = set()
        self.wanted = log.wanted or Wanted.all_of(log.catalog)

    def search(self, block: Block) -> _Searched:
        """Return what occurs in `block`. Called from several threads."""
        wanted = self.wanted
        text = readable(block[0])
        return _Searched(text, block[1], [wanted.known.rows[index] for index in wanted.automaton.search(text)])

    def read(self, searched: _Searched) -> Iterator[Evidence | Version]:
        """Yield the evidence in a block that has been searched; what is general comes after what is particular."""
        if not searched.found:
            return
        region = Region(searched.text, searched.first_line, self.log.beside)
        for signature in sorted(searched.found, key=lambda signature: signature.general):
            if signature == TRACEBACK:
                self.remember_tracebacks(region)
            elif signature == EXCEPTION:
                self.remember_exceptions(region)
            elif signature == VERSION:
                yield from self.name_versions(region)
            else:
                yield from self.locate(signature, region)

    def narrow(self) -> None:
        """No longer search for what has been found, or tried in vain, often enough."""
        known = self.wanted.known
        left = [
            index
            for index, signature in enumerate(known.rows)
            if self.seen[signature] < LIMITS.get(signature, SIGHTINGS) and self.tried[signature] < ATTEMPTS
        ]
        if len(left) < len(known.rows):
            self.wanted = Wanted.of(known.only(left))

    def remember_tracebacks(self, region: Region) -> None:
        for traceback in region.tracebacks:
            self.seen[TRACEBACK] += 1
            last = traceback.parts[-1]
            # What goes wrong in the user's own statement says nothing about the framework.
            if last.exception and not (last.where and is_of_python(last.exception)):
                self.remember(last.exception)

    def remember_exceptions(self, region: Region) -> None:
        for match in lines_matching(compiled(EXCEPTION.pattern), region.text):
            if self.seen[EXCEPTION] >= TRACEBACKS:
                return
            self.seen[EXCEPTION] += 1
            if region.around(region.index(match.start)).traceback is None:
                self.remember(region.lines[region.index(match.start)])

    def remember(self, exception: str) -> None:
        line = shown(exception)
        if line not in self.told:
            self.told.add(line)
            self.log.exceptions.append(line)

    def name_versions(self, region: Region) -> Iterator[Version]:
        """Yield each version that is not the one named last; of a link, only the series is known."""
        for match in lines_matching(compiled(VERSION.pattern), region.text):
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

    def locate(self, signature: Signature, region: Region) -> Iterator[Evidence]:
        within = compiled(signature.within) if signature.within else None
        for match in lines_matching(compiled(signature.pattern), region.text):
            if self.seen[signature] >= SIGHTINGS or self.tried[signature] >= ATTEMPTS:
                return
            self.tried[signature] += 1
            index = region.index(match.start)
            line = region.lines[index]
            if UNASKED.match(line) or (IMPORTING.match(line) and NAME.fullmatch(match.quoted)):
                continue
            around = region.around(index)
            holds = within is None or around.holds(within)
            if not holds and (signature.value == "rules_out" or not around.is_shown(within)):
                continue
            if not self.is_meant(signature, around):
                continue
            self.seen[signature] += 1
            if signature.value != "rules_out":
                self.log.quoted.append(match.quoted)
            if signature.value == "confirms":
                self.log.exact.add(match.quoted)
            found = self.evidence(signature, region, index, match, around)
            # The source that people show beside an error need not be where it came from.
            yield found if holds or found.value != "confirms" else replace(found, value="supports")

    def is_meant(self, signature: Signature, around: Surroundings) -> bool:
        """Return whether `signature` may stand for the exception around it, and remember that it is explained."""
        exception = around.raised
        if signature.raised and not (exception and exception.is_at(signature.raised)):
            return False
        asks_where = bool(signature.raised or signature.within)
        if exception is None:
            return not (signature.general and asks_where)
        if signature.general:
            return asks_where and exception.kind not in self.explained
        if signature.kind == "signal" and signature.value != "rules_out":
            self.explained.add(exception.kind)
        return True

    def evidence(
        self, signature: Signature, region: Region, index: int, match: Match, around: Surroundings
    ) -> Evidence:
        frame = around.own_frame
        captured = dict(match.groups)
        what = shown(quoted(region.text[match.start : match.end], signature))
        if frame is not None:
            captured |= {"file": frame.file, "line": str(frame.line), "module": frame.module}
            if frame.function.isidentifier():
                captured["function"] = frame.function
            if frame.statement:
                captured["statement"] = shown(frame.statement, STATEMENT)
            statement = f": {shown(frame.statement, STATEMENT)}" if signature.raised and frame.statement else ""
            what += f" (in {frame.function or 'your code'}, {shown(frame.file, 60)}:{frame.line}{statement})"
        location = f"{self.log.name}:{region.first_line + index}" if self.log.name else ""
        value = signature.value
        foreign = self.log.source != "app" and around.traceback is not None and is_script(around.traceback.frames)
        if signature.raised not in ("", NAMESAKE) and foreign and value == "confirms":
            # An exception of one's own in a script may have nothing to do with an application.
            value = "supports"
        return Evidence(
            kind=signature.kind,
            subject=signature.subject,
            value=value,
            key=signature.key,
            source=self.log.source,
            location=location,
            what=what,
            captured={name: plain(value) for name, value in captured.items()},
        )


def is_of_python(exception: str) -> bool:
    """Return whether an exception's text names one of Python's own, rather than a library's."""
    name = exception.partition(":")[0].strip()
    root, _, rest = name.partition(".")
    return root in sys.stdlib_module_names if rest else hasattr(builtins, name)

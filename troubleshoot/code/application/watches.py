"""The lists of calls to watch that the knowledge has, and which of them a qualified name is on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from troubleshoot.model import SEVERITIES, Outline, Severity, Watch

TEXT = (
    "append|capitalize|casefold|decode|encode|endswith|extend|getvalue|hex|isalnum|isalpha|isdigit|isnumeric|isoformat"
    "|item|items|keys|ljust|lower|lstrip|partition|removeprefix|removesuffix|replace|rjust|rpartition|rsplit|rstrip"
    "|setdefault|split|splitlines|startswith|strftime|strip|timestamp|title|tobytes|tolist|total_seconds|upper|values|zfill"
)
"""Methods of texts, dates, lists and dictionaries, which no library's object that waits for something has."""
DATA = (
    rf".*(?:\(\)|\[\])(?:\.(?:pop|copy|json|dict|to_dict|__iter__)|(?:\.\w+|\[\])*\.(?:get|{TEXT}))(?:\(\)\.__iter__)?$"
    r"|.*\.json\(\)|(?:.*\.)?__\w+__$"
)
"""A method of data that a call returned, or of a part of it, a loop through it, or what Python calls by itself."""


class Use(NamedTuple):
    """What a list means to a cause."""

    cause: str
    watch: Watch
    severity: Severity
    minor: bool


@dataclass(eq=False)
class Watches:
    """The watched calls of a catalog: `patterns` by the name of the list, `uses` the causes to which a list matters.

    `chains` has those calls of a list that end a chain: what they give is no longer what the chain was built of.
    """

    patterns: Mapping[str, re.Pattern[str]]
    uses: Mapping[str, list[Use]]
    chains: Mapping[str, re.Pattern[str]]
    _matched: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, causes: Mapping[str, Outline], more: Mapping[str, Sequence[str]]) -> Watches:
        """Collect the lists of `causes`; `more` has calls that are added to the first list of some."""
        patterns: dict[str, re.Pattern[str]] = {}
        uses: dict[str, list[Use]] = {}
        chains: dict[str, re.Pattern[str]] = {}
        for cause in causes.values():
            for index, watch in enumerate(cause.watches):
                if watch.calls:
                    name = _list_name(cause.id, index)
                    calls = [*watch.calls, *(() if index else more.get(cause.id, ()))]
                    harmless = "|".join(_pattern(call) for call in watch.harmless) or "(?!)"
                    watched = "|".join(map(_watched, calls))
                    patterns[name] = re.compile(f"(?!(?:{harmless})$)(?:{watched})")
                    chains[name] = re.compile("|".join(map(_pattern, filter(_ends_chain, calls))) or "(?!)")
                    uses.setdefault(name, []).append(Use(cause.id, watch, watch.severity, watch.minor))
                if watch.same_as:
                    for other, theirs in enumerate(causes[watch.same_as].watches):
                        milder = max(watch.severity, theirs.severity, key=SEVERITIES.index)
                        use = Use(cause.id, watch, milder, watch.minor or theirs.minor)
                        uses.setdefault(_list_name(watch.same_as, other), []).append(use)
        return cls(patterns, uses, chains)

    def lists(self, called: str) -> tuple[str, ...]:
        """Return the names of the lists that a qualified name is on."""
        if called not in self._matched:
            self._matched[called] = tuple(
                name
                for name, pattern in self.patterns.items()
                if pattern.fullmatch(called) and not self._is_of_result(called, self.chains[name])
            )
        return self._matched[called]

    def _is_of_result(self, called: str, chains: re.Pattern[str]) -> bool:
        """Return whether a call that seems to end a chain is a method of what has ended one: `.get().get()`."""
        if not chains.fullmatch(called):
            return False
        return any(chains.fullmatch(called[: item.start()]) for item in re.finditer(r"\(\)\.", called))


def _ends_chain(call: str) -> bool:
    return ")*." in call


def _list_name(cause: str, index: int) -> str:
    return f"{cause}#{index}"


def _pattern(call: str) -> str:
    """Return a qualified name as a pattern: a star in a word stays in that word, one on its own is any part of it."""
    return re.sub(r"(?<=\w)\\\*|\\\*(?=\w)", "[^.]*", re.escape(call)).replace(r"\*", ".*")


def _watched(call: str) -> str:
    """Return a qualified name as a pattern; at its end a star is no method of the data that another call returns."""
    pattern = _pattern(call)
    return f"{pattern[:-2]}(?!{DATA}).*" if pattern.endswith(".*") else pattern

"""Where in the source a question can be looked up, by names that its options and the leading causes speak of."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from troubleshoot.code.places import gather
from troubleshoot.code.settings import read_settings
from troubleshoot.model import NONE_OF_THESE, TELL_QUESTION, Ask, Candidate, Catalog

QUOTED = re.compile(r"`([^`]+)`")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
CODE = re.compile(r"(?<![\w/-])(?:[A-Za-z_]\w*(?:[._][A-Za-z]\w*)+|[A-Z][a-z]+[A-Z]\w*)")
"""A name that can only be one of code: with a dot or an underscore in it, or of several capitalised words."""
SHORTEST = 4
COMMON = frozenset((*keyword.kwlist, *dir(builtins), "self", "main", "fastapi", "FastAPI", "starlette", "asyncio"))
PLACES = 3
LEADERS = 3
MOST_BYTES = 20_000_000
"""Source that is searched; what lies behind is passed over, for this is help and no finding."""


def look_up(catalog: Catalog, ask: Ask, leading: Sequence[Candidate], source: Path) -> Mapping[str, tuple[str, ...]]:
    """Return by option, or leading cause, the places in `source` that its text speaks of, as `PATH:LINE NAME`.

    A place at which a finding of the cause stands comes first.
    """
    texts = {option: text for option, text in ask.options.items() if option != NONE_OF_THESE}
    found = {item.cause: item for item in leading}
    if ask.question != TELL_QUESTION:
        texts |= {item.cause: catalog.causes[item.cause].tell for item in leading[:LEADERS]}
    wanted = {key: names_in(text) for key, text in texts.items()}
    seen = _occurrences({name for names in wanted.values() for name in names}, source)
    places: dict[str, tuple[str, ...]] = {}
    for key, names in wanted.items():
        findings = [
            reason.evidence.location
            for reason in (found[key].reasons if key in found else ())
            if reason.evidence.kind == "finding" and reason.evidence.location
        ]
        mentioned = [f"{place} {name}" for name in names for place in seen.get(name, ())]
        if findings or mentioned:
            places[key] = tuple(dict.fromkeys([*findings, *mentioned]))[:PLACES]
    return places


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of code in a sentence: the last part of each, the longest first."""
    inside = [name for quoted in QUOTED.findall(text) for name in IDENTIFIER.findall(quoted)]
    outside = [name.rpartition(".")[2] for name in CODE.findall(QUOTED.sub(" ", text))]
    names = {name for name in (*inside, *outside) if len(name) >= SHORTEST and name not in COMMON}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _occurrences(names: Iterable[str], source: Path) -> Mapping[str, Sequence[str]]:
    """Return the first places at which each of `names` stands in the Python files at `source`."""
    words = sorted(names, key=len, reverse=True)
    if not words:
        return {}
    pattern = re.compile(rb"\b(?:" + b"|".join(re.escape(word).encode() for word in words) + rb")\b")
    files = gather([source], read_settings(source))
    seen: dict[str, list[str]] = {}
    size = 0
    for path in files.paths:
        if path in files.aside:
            continue
        data = files.data(path)
        size += len(data)
        if size > MOST_BYTES:
            break
        for match in pattern.finditer(data):
            name = match[0].decode()
            line = data.count(b"\n", 0, match.start()) + 1
            place = f"{path}:{line}"
            here = seen.setdefault(name, [])
            if len(here) < PLACES and place not in here:
                here.append(place)
    return seen

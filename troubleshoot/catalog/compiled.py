"""The compiled form of a catalog: what every question needs is read at once, a cause's page when it is asked for.

One line of JSON with all that is small and all outlines, then the pages, of which the first line has the places.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from troubleshoot import limits
from troubleshoot.catalog.content import Content
from troubleshoot.model import (
    Catalog,
    Cause,
    Examples,
    Family,
    Fix,
    Outline,
    Parameter,
    Patch,
    Probe,
    Question,
    Signal,
    Symptom,
    Watch,
)

PHRASES = ".phrases.txt"
"""The ending of the file with the many ways in which people say a cause."""
SCHEMA = 2
"""Changes with the form below."""
OUTLINED = tuple(item.name for item in fields(Outline))
PAGED = tuple(item.name for item in fields(Cause) if item.name not in OUTLINED)

Making = Callable[[Any], Any]


class Causes(Mapping[str, Cause]):
    """The causes of a compiled catalog; each is read when it is first asked for. `outlines` are all there."""

    def __init__(
        self,
        outlines: Mapping[str, Outline],
        places: Mapping[str, tuple[int, int]],
        data: bytes,
        folder: Callable[[str], Path],
    ) -> None:
        self.outlines = outlines
        self._places = places
        self._data = data
        self._folder = folder
        self._read: dict[str, Cause] = {}

    def __getitem__(self, id_: str) -> Cause:
        """Return a cause with its page."""
        known = self._read.get(id_)
        if known is None:
            start, end = self._places[id_]
            outline = self.outlines[id_]
            page = made(Cause, json.loads(self._data[start:end]))
            page["phrases"] = (*page["phrases"], *phrases_beside(self._folder(id_), id_))
            known = Cause(**{name: getattr(outline, name) for name in OUTLINED}, **page)
            self._read[id_] = known
        return known

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        return iter(self.outlines)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.outlines)

    def __contains__(self, id_: object) -> bool:
        """Return whether there is such a cause, without reading it."""
        return id_ in self.outlines


def phrases_beside(knowledge: Path, id_: str) -> tuple[str, ...]:
    """Return the phrases that stand in a file of their own beside a cause, one a line; none if there is no such file.

    Raises OSError and UnicodeDecodeError.
    """
    path = knowledge / f"{id_}{PHRASES}"
    if not path.exists():
        return ()
    lines = limits.read(path, "knowledge file").decode("utf-8").splitlines()
    return tuple(phrase for line in lines if (phrase := line.strip()))


def _folder_of(content: Content, origins: Mapping[str, str]) -> Callable[[str], Path]:
    """Return what tells in which folder of knowledge a cause stands."""
    return lambda id_: content.named(origins.get(id_, "")).knowledge


def dump(catalog: Catalog, content: Content) -> bytes:
    """Return the compiled form of the catalog of `content`, where the phrases beside the causes stay."""
    folder = _folder_of(content, catalog.origins)
    pages = []
    places = {}
    end = 0
    for cause in catalog.causes.values():
        page = _plain({name: getattr(cause, name) for name in PAGED})
        beside = len(phrases_beside(folder(cause.id), cause.id))
        page["phrases"] = cause.phrases[: len(cause.phrases) - beside]
        data = json.dumps(page, ensure_ascii=False).encode()
        pages.append(data)
        places[cause.id] = (end, end + len(data))
        end += len(data)
    head = {
        "schema": SCHEMA,
        "families": _plain(catalog.families),
        "symptoms": _plain(catalog.symptoms),
        "questions": _plain(catalog.questions),
        "templates": catalog.templates,
        "verified_with": catalog.verified_with,
        "needles": catalog.needles,
        "origins": catalog.origins,
        "overridden": catalog.overridden,
        "outlines": {
            cause.id: _plain({name: getattr(cause, name) for name in OUTLINED}) for cause in catalog.causes.values()
        },
        "places": places,
        "size": end,
    }
    return b"\n".join((json.dumps(head, ensure_ascii=False).encode(), b"".join(pages)))


def load(data: bytes, content: Content) -> Catalog:
    """Return the catalog of `content`, whose compiled form is `data`.

    Raises ValueError, KeyError or TypeError if it is none.
    """
    end = data.index(b"\n")
    head = json.loads(data[:end])
    if head["schema"] != SCHEMA or len(data) != end + 1 + head["size"]:
        raise ValueError("another schema, or a part of the file")
    places = {id_: (end + 1 + first, end + 1 + last) for id_, (first, last) in head["places"].items()}
    outlines = {id_: Outline(**made(Outline, value)) for id_, value in head["outlines"].items()}
    return Catalog(
        families={id_: Family(**value) for id_, value in head["families"].items()},
        symptoms={id_: Symptom(**made(Symptom, value)) for id_, value in head["symptoms"].items()},
        questions={id_: Question(**made(Question, value)) for id_, value in head["questions"].items()},
        causes=Causes(outlines, places, data, _folder_of(content, head["origins"])),
        templates=head["templates"],
        verified_with=head["verified_with"],
        needles={pattern: tuple(needles) for pattern, needles in head["needles"].items()},
        origins=head["origins"],
        overridden=head["overridden"],
    )


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; what is left at its default is left out."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {
            item.name: _plain(getattr(value, item.name))
            for item in fields(value)
            if getattr(value, item.name) != item.default
        }
    return value


def made(type_: type[Any], value: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a dataclass of this type, from JSON."""
    for name, make in MADE[type_].items():
        if name in value:
            value[name] = make(value[name])
    return value


def _one(type_: type[Any]) -> Making:
    return lambda value: value if value is None else type_(**made(type_, value))


def _several(type_: type[Any]) -> Making:
    return lambda values: tuple(type_(**made(type_, value)) for value in values)


def _named(type_: type[Any]) -> Making:
    return lambda values: {name: type_(**made(type_, value)) for name, value in values.items()}


MADE: Mapping[type[Any], Mapping[str, Making]] = {
    Symptom: {"phrases": tuple, "signatures": tuple},
    Parameter: {"choices": tuple},
    Probe: {"parameters": _named(Parameter)},
    Question: {"probe": _one(Probe)},
    Signal: {},
    Watch: {"calls": tuple, "harmless": tuple, "roles": tuple},
    Outline: {"signals": _several(Signal), "watches": _several(Watch)},
    Patch: {"imports": tuple, "remains": tuple},
    Fix: {"parameters": _named(Parameter), "steps": tuple, "patch": _one(Patch)},
    Examples: {"matches": tuple, "rejects": tuple},
    Cause: {
        "fixes": _named(Fix),
        "references": tuple,
        "examples": _one(Examples),
        "phrases": tuple,
        "rules": lambda rules: {tool: tuple(names) for tool, names in rules.items()},
        "changed": tuple,
    },
}
"""How the fields are made that JSON has in another form."""

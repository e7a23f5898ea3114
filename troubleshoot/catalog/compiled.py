"""The compiled form of a catalog: each kind of thing is read when it is first asked for, and each thing made then.

The first line has the places of all that follows, each of them JSON, or JSON a line, and a checksum: what is read later
is sound, too.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

from troubleshoot import limits
from troubleshoot.catalog.content import Content
from troubleshoot.catalog.sections import Kept, Rows, Section, as_json, as_lines
from troubleshoot.catalog.signatures import Signature, Signatures, signatures_of
from troubleshoot.model import (
    Catalog,
    Cause,
    Examples,
    Family,
    Fix,
    Frequency,
    Likelihood,
    Outline,
    Parameter,
    Patch,
    Probe,
    Question,
    Signal,
    Symptom,
    Watch,
)
from troubleshoot.model.known import Answers
from troubleshoot.values import frozen

PHRASES = ".phrases.txt"
"""The ending of the file with the many ways in which people say a cause."""
ANSWERS = "answers/"
SCHEMA = 5
"""Changes with the form below."""
OUTLINED = tuple(item.name for item in fields(Outline))
PAGED = tuple(item.name for item in fields(Cause) if item.name not in OUTLINED)

Making = Callable[[Any], Any]


class _Answers(Mapping[str, Mapping[str, Mapping[str, Likelihood]]]):
    """What the causes say about each question; read when it is asked for."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def __getitem__(self, question: str) -> Mapping[str, Mapping[str, Likelihood]]:
        answers: Mapping[str, Mapping[str, Likelihood]] = self._kept.read(f"{ANSWERS}{question}")
        return answers

    def __iter__(self) -> Iterator[str]:
        return (name.removeprefix(ANSWERS) for name in self._kept.names if name.startswith(ANSWERS))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Causes(Mapping[str, Cause]):
    """The causes of a compiled catalog; each is read when it is first asked for. `outlines` are without their pages."""

    def __init__(self, kept: Kept, folder: Callable[[str], Path]) -> None:
        self.outlines = Section(kept, "outlines", lambda value: Outline(**made(Outline, value)))
        self._kept = kept
        self.answers = _Answers(kept)
        self._folder = folder
        self._read: dict[str, Cause] = {}

    @cached_property
    def signatures(self) -> Signatures:
        """What `signatures_of` returns."""
        rows = Rows(self._kept.lines("signatures"), lambda row: Signature(*row))
        return Signatures(rows, Rows(self._kept.lines("needles"), tuple), self._kept.read("beginnings"))

    @cached_property
    def frequencies(self) -> Mapping[str, Frequency]:
        """How often each is met."""
        frequencies: Mapping[str, Frequency] = self._kept.read("frequencies")
        return frequencies

    def __getitem__(self, id_: str) -> Cause:
        """Return a cause with its page."""
        known = self._read.get(id_)
        if known is None:
            outline = self.outlines[id_]
            page = made(Cause, self._kept.read(f"causes/{id_}"))
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


@frozen
class CompiledCatalog(Catalog):
    """A catalog that knows of its causes, without reading their pages, what is asked of all of them at once."""

    causes: Causes

    @property
    def outlines(self) -> Mapping[str, Outline]:
        """The causes without their pages."""
        return self.causes.outlines

    @property
    def frequencies(self) -> Mapping[str, Frequency]:
        """How often each cause is met."""
        return self.causes.frequencies

    @property
    def answers(self) -> Answers:
        """What each cause says about each question."""
        return self.causes.answers


@signatures_of.register(CompiledCatalog)
def _(catalog: CompiledCatalog) -> Signatures:
    return catalog.causes.signatures


def phrases_beside(knowledge: Path, id_: str) -> tuple[str, ...]:
    """Return the phrases that stand in a file of their own beside a cause, one a line; none if there is no such file.

    Raises OSError and UnicodeDecodeError.
    """
    path = knowledge / f"{id_}{PHRASES}"
    return tuple(phrase for _, phrase in numbered_phrases(path)) if path.exists() else ()


def numbered_phrases(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the phrases in a file, each with its line, from 1. Raises OSError and UnicodeDecodeError."""
    lines = limits.read(path, "knowledge file").decode("utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if phrase := line.strip():
            yield number, phrase


def _folder_of(content: Content, origins: Mapping[str, str]) -> Callable[[str], Path]:
    """Return what tells in which folder of knowledge a cause stands."""
    return lambda id_: content.named(origins.get(id_, "")).knowledge


def dump(catalog: Catalog, content: Content) -> bytes:
    """Return the compiled form of the catalog of `content`, where the phrases beside the causes stay."""
    folder = _folder_of(content, catalog.origins)
    signatures = signatures_of(catalog)
    named: dict[str, Mapping[str, Any]] = {
        "families": _plain(catalog.families),
        "symptoms": _plain(catalog.symptoms),
        "questions": _plain(catalog.questions),
        "templates": catalog.templates,
        "outlines": {
            cause.id: _plain({name: getattr(cause, name) for name in OUTLINED}) for cause in catalog.causes.values()
        },
    }
    sections = {
        **{name: as_lines([list(things), *things.values()]) for name, things in named.items()},
        "frequencies": as_json(catalog.frequencies),
        **{f"{ANSWERS}{question}": as_json(answers) for question, answers in catalog.answers.items()},
        "signatures": as_lines(map(_without_defaults, signatures.rows)),
        "needles": as_lines(signatures.needles),
        "beginnings": as_json(signatures.beginnings),
    }
    for cause in catalog.causes.values():
        page = _plain({name: getattr(cause, name) for name in PAGED})
        beside = len(phrases_beside(folder(cause.id), cause.id))
        page["phrases"] = cause.phrases[: len(cause.phrases) - beside]
        sections[f"causes/{cause.id}"] = as_json(page)
    places = {}
    end = 0
    for name, section in sections.items():
        places[name] = (end, end + len(section))
        end += len(section)
    body = b"".join(sections.values())
    head = {
        "schema": SCHEMA,
        "checksum": zlib.crc32(body),
        "verified_with": catalog.verified_with,
        "origins": catalog.origins,
        "overridden": catalog.overridden,
        "places": places,
    }
    return b"\n".join((as_json(head), body))


def load(data: bytes, content: Content) -> Catalog:
    """Return the catalog of `content`, whose compiled form is `data`.

    Raises ValueError, KeyError or TypeError if it is none.
    """
    end = data.index(b"\n")
    head = json.loads(data[:end])
    if head["schema"] != SCHEMA or head["checksum"] != zlib.crc32(memoryview(data)[end + 1 :]):
        raise ValueError("another schema, or damaged")
    kept = Kept(data, end + 1, head["places"])
    return CompiledCatalog(
        families=Section(kept, "families", lambda value: Family(**value)),
        symptoms=Section(kept, "symptoms", lambda value: Symptom(**made(Symptom, value))),
        questions=Section(kept, "questions", lambda value: Question(**made(Question, value))),
        causes=Causes(kept, _folder_of(content, head["origins"])),
        templates=Section(kept, "templates", str),
        verified_with=head["verified_with"],
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


def _without_defaults(signature: Signature) -> tuple[Any, ...]:
    """Return a signature without what is left at its default at the end."""
    row: tuple[Any, ...] = signature
    while row[-1] == Signature._field_defaults.get(Signature._fields[len(row) - 1]):
        row = row[:-1]
    return row


def made(type_: type[Any], value: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a dataclass of this type, from JSON."""
    return value | {name: make(value[name]) for name, make in MADE[type_].items() if name in value}


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
    Outline: {"watches": _several(Watch)},
    Patch: {"imports": tuple, "remains": tuple},
    Fix: {"parameters": _named(Parameter), "steps": tuple, "patch": _one(Patch)},
    Examples: {"matches": tuple, "rejects": tuple},
    Cause: {
        "fixes": _named(Fix),
        "references": tuple,
        "examples": _one(Examples),
        "phrases": tuple,
        "signals": _several(Signal),
        "rules": lambda rules: {tool: tuple(names) for tool, names in rules.items()},
        "changed": tuple,
    },
}
"""How the fields are made that JSON has in another form."""

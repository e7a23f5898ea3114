"""How much is known, by family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields

from troubleshoot.detectors import searched_for
from troubleshoot.formats.objects import indented
from troubleshoot.model import Catalog, Cause
from troubleshoot.values import frozen


@frozen
class Counts:
    """What there is of a family; `detectors` are the causes that source is searched for."""

    causes: int = 0
    reproductions: int = 0
    signals: int = 0
    phrases: int = 0
    fixes: int = 0
    patches: int = 0
    detectors: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{item.name: getattr(self, item.name) + getattr(other, item.name) for item in fields(Counts)})


def stats(catalog: Catalog) -> Mapping[str, Counts]:
    """Return the counts of each family, by its id."""
    searched = set(searched_for(catalog))
    counts = dict.fromkeys(catalog.families, Counts())
    for cause in catalog.causes.values():
        counts[cause.family] += _of(cause, is_searched=cause.id in searched)
    return counts


def _of(cause: Cause, *, is_searched: bool) -> Counts:
    return Counts(
        causes=1,
        reproductions=not cause.unproven,
        signals=len(cause.signals),
        phrases=len(cause.phrases),
        fixes=len(cause.fixes),
        patches=sum(fix.patch is not None for fix in cause.fixes.values()),
        detectors=is_searched,
    )


def _total(counts: Mapping[str, Counts]) -> Counts:
    return sum(counts.values(), Counts())


def write_text(counts: Mapping[str, Counts]) -> str:
    """Return the counts as a table, a family a line, and all of them below."""
    heads = [item.name for item in fields(Counts)]
    width = max(map(len, ("all", *counts)))
    lines = [f"{'':{width}}  {'  '.join(heads)}"]
    for name, count in (*counts.items(), ("all", _total(counts))):
        cells = (f"{number:>{len(head)}}" for head, number in asdict(count).items())
        lines.append(f"{name:{width}}  {'  '.join(cells)}")
    return "\n".join(lines) + "\n"


def write_json(counts: Mapping[str, Counts]) -> str:
    """Return the counts as one JSON object, schema 1."""
    families = {name: asdict(count) for name, count in counts.items()}
    return indented({"schema": 1, "families": families, "all": asdict(_total(counts))})

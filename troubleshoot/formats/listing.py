"""The list of causes: as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from troubleshoot.errors import UsageError, did_you_mean
from troubleshoot.model import Catalog, Cause


def select(catalog: Catalog, family: str | None) -> list[Cause]:
    """Return the causes of `family`, or all. Raises `UsageError` for a family that is not there."""
    if family is not None and family not in catalog.families:
        hint = did_you_mean(family, catalog.families) or f"; there are {', '.join(catalog.families)}"
        raise UsageError(f"no family {family!r}{hint}")
    return [cause for cause in catalog.causes.values() if family in (None, cause.family)]


def write_text(catalog: Catalog, causes: Sequence[Cause]) -> str:
    """Return the causes by family, one a line."""
    return "\n".join(_lines(catalog, causes)) + "\n"


def _lines(catalog: Catalog, causes: Sequence[Cause]) -> Iterator[str]:
    width = max((len(cause.id) for cause in causes), default=0)
    for family in dict.fromkeys(cause.family for cause in causes):
        yield catalog.families[family].title
        yield from (f"  {cause.id:{width}}  {cause.title}" for cause in causes if cause.family == family)


def write_json(causes: Sequence[Cause]) -> str:
    """Return the causes as one JSON object, schema 1."""
    value = {
        "schema": 1,
        "causes": [
            {
                "cause": cause.id,
                "family": cause.family,
                "title": cause.title,
                "frequency": cause.frequency,
                "fixes": list(cause.fixes),
            }
            for cause in causes
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"

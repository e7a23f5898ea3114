"""The packages whose versions matter, their names as people write them, and the form of a version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import cast

from troubleshoot.lazy import pattern
from troubleshoot.model import Package

TITLES: Mapping[Package, str] = {
    "fastapi": "FastAPI",
    "starlette": "Starlette",
    "pydantic": "Pydantic",
    "sqlalchemy": "SQLAlchemy",
    "uvicorn": "uvicorn",
    "websockets": "websockets",
    "python": "Python",
}
NAME = "|".join(TITLES)
EXACT = r"\d{1,9}(?:\.\d{1,9}){1,3}(?:(?:a|b|rc|\.dev|\.post)\d{1,9})?"
"""A version as the packages write theirs; RE2 and Python read it alike."""
_EXACT = pattern(EXACT)
_SPECIFIER = pattern(rf"(?P<operator>===?|~=|\^|~|)\s*v?(?P<version>{EXACT})(?P<series>\.\*)?")

_BOUND = pattern(r"(?P<operator><|>=?)\s*(?P<version>\d{1,9}(?:\.\d{1,9}){0,3})")


def package_of(name: str) -> Package | None:
    """Return the package that `name` stands for, whatever its spelling; None if it is another."""
    known = name.strip().lower()
    return cast("Package", known) if known in TITLES else None


def exact(text: object) -> str | None:
    """Return `text` if it is a version."""
    return text if isinstance(text, str) and _EXACT.fullmatch(text) else None


def _between(specifier: str) -> str:
    """Return the series that ends before an upper bound and begins before or at the lower one, or that both lie in.

    Without a lower bound only a major version ends so: `<2` is `1.*`.
    """
    bounds = {
        found["operator"]: [int(part) for part in found["version"].split(".")]
        for part in specifier.split(",")
        if (found := _BOUND.fullmatch(part.strip()))
    }
    before = bounds.get("<") or [0]
    while len(before) > 1 and not before[-1]:
        before.pop()
    series = [*before[:-1], before[-1] - 1]
    since = bounds.get(">=") or bounds.get(">")
    is_one = len(series) == 1 if since is None else since[: len(series)] == series
    if not is_one or series[-1] < 0:
        # Both ends may lie in a wider series; that something is before version 1 says nothing.
        several = zip(since or (), before, strict=False)
        series = [one for one, _ in takewhile(lambda pair: pair[0] == pair[1], several)]
        series = [] if series == [0] else series
    return ".".join(str(part) for part in [*series, "*"]) if series else ""


def pinned(specifier: object, bare: bool = False) -> str | None:
    """Return the version, or the series such as `0.95.*`, that `specifier` allows; None if it allows more.

    `bare` says that a version without an operator is one, as Poetry has it.
    """
    if isinstance(specifier, str) and (series := _between(specifier)):
        return series
    found = _SPECIFIER.fullmatch(specifier.strip()) if isinstance(specifier, str) else None
    if found is None or not (found["operator"] or bare):
        return None
    version = found["version"]
    if found["series"]:
        return f"{version}.*"
    if found["operator"] in ("==", "===", ""):
        return version
    parts = re.match(r"[\d.]+", version)[0].split(".")  # type: ignore[index] # a version starts with a digit
    if found["operator"] == "^":
        kept = 1 if parts[0] != "0" else 2
    else:
        kept = len(parts) - 1 if found["operator"] == "~=" else 2
    return ".".join([*parts[:kept], "*"])

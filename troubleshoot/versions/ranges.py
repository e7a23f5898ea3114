"""Ranges of versions as the knowledge writes them: PEP 440, with `||` between ranges of which one is enough."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from troubleshoot.lazy import pattern

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

HIGHEST = "99999"
"""A number that no package will count up to; it stands for the last version of a series."""
_BETWEEN = pattern(r">=(?P<since>[^,]+),<(?P<before>[^,]+)")
_SINCE = pattern(r">=(?P<since>[^,]+)")
_BEFORE = pattern(r"<(?P<before>[^=,]+)")


@functools.cache
def parse(text: str) -> tuple[SpecifierSet, ...]:
    """Return the ranges of which one is enough. Raises ValueError."""
    from packaging.specifiers import SpecifierSet

    parts = [part.strip() for part in text.split("||")]
    if not all(parts):
        raise ValueError("a range is empty")
    return tuple(SpecifierSet(part, prereleases=True) for part in parts)


def mistake_in(text: str) -> str:
    """Return what is wrong with a range, nothing if it is sound."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""


def holds(text: str, version: str) -> bool | None:
    """Return whether `version`, or a series such as `2.0.*`, lies in the range; None if it cannot be told."""
    from packaging.version import InvalidVersion, Version

    series = version.removesuffix(".*")
    ends = [series, f"{series}.{HIGHEST}"] if series != version else [version]
    try:
        inside = [any(part.contains(Version(end)) for part in parse(text)) for end in ends]
    except InvalidVersion:
        return None
    return inside[0] if len(set(inside)) == 1 else None


def in_words(text: str) -> str:
    """Return a range as people say it: `<0.106 || >=0.118` is "before 0.106 or since 0.118"."""
    return " or ".join(_in_words(re.sub(r"\s+", "", part)) for part in text.split("||"))


def _in_words(part: str) -> str:
    if found := _BETWEEN.fullmatch(part):
        return f"since {found['since']} and before {found['before']}"
    if found := _SINCE.fullmatch(part):
        return f"since {found['since']}"
    if found := _BEFORE.fullmatch(part):
        return f"before {found['before']}"
    return part

"""Versions in what people write: `FastAPI 0.95`, "Pydantic v2", the fields of an issue's template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from troubleshoot.model import Package
from troubleshoot.versions.names import NAME, package_of

NUMBER = r"\d{1,4}(?:\.\d{1,5}){0,3}(?:(?:a|b|rc|\.dev|\.post)\d{1,5})?"
BETWEEN = r"""(?:['"`*\]]{0,3}\s{0,3}(?:version|release|==|~=|:|=|is|v|V|\(|-|'|"|`|\s|\n|\#|\*){0,8}?)"""
SAID = re.compile(
    rf"""(?<![\w./\-])(?P<name>{NAME})(?:\[\w+\])?{BETWEEN}(?:from\s+v?{NUMBER}\s+to\s+)?v?(?P<version>{NUMBER})(?![\w\-/%])(?!\.\w)""",
    re.IGNORECASE,
)
FOR_EXAMPLE = re.compile(r"\[e\.g\.[^\]\n]{1,80}\]", re.IGNORECASE)
ANOTHER = re.compile(
    r"(?:downgrad\w*|until|before|older\s+than|not\s+in|works?\s+(?:fine\s+)?(?:in|with|on)|worked\s+(?:fine\s+)?(?:in|with|on)|(?:ok|fine)\s+(?:in|with|on))"
    r"\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
"""What stands in front of a version that is not the one in use."""
WAS_FINE = re.compile(r"^\W{0,3}\s*(?:was|is|it)\s+(?:ok|fine|good|works|worked)\b", re.IGNORECASE)
NEAR = 200
"""Characters on either side of a version that are looked at: a text may name thousands."""
MAJORS = {"pydantic": (1, 2), "sqlalchemy": (1, 2), "python": (2, 3)}
"""Packages of which people name the major version alone."""


def versions_said(text: str) -> Iterator[tuple[Package, str]]:
    """Yield the versions that `text` says are in use, the last said of each package; `0.95` as the series `0.95.*`."""
    found: dict[Package, str] = {}
    text = FOR_EXAMPLE.sub("", text)
    for match in SAID.finditer(text):
        package = package_of(match["name"])
        version = match["version"]
        before = text[max(0, match.start() - NEAR) : match.start()]
        if package is None or ANOTHER.search(before) or WAS_FINE.match(text[match.end() : match.end() + NEAR]):
            continue
        dots = version.count(".")
        if dots == 0 and int(version) not in MAJORS.get(package, ()):
            continue
        found[package] = f"{version}.*" if dots < 2 else version
    yield from found.items()

"""Requirements, one a line: requirements.txt, `pip freeze`, and what stands in a conda environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from troubleshoot.model import Package
from troubleshoot.versions.names import EXACT, NAME, package_of, pinned

REQUIREMENT = re.compile(
    rf"^\s*(?P<name>{NAME})\s*(?:\[[^\]]{{0,200}}\]\s*)?\(?(?P<specifier>[^;#\\\s(),][^;#\\()]{{0,60}}?)\)?"
    r"\s*(?:[;#\\].*)?(?:\s--hash.*)?$",
    re.IGNORECASE,
)
WHEEL = re.compile(rf"^\s*(?P<name>{NAME})\s*@\s.*[/\\](?P=name)-(?P<version>{EXACT})(?=-|\.tar|\.zip)", re.IGNORECASE)
CONDA = re.compile(rf"^\s*-\s*['\"]?(?P<name>{NAME})(?:\[[^\]]{{0,200}}\])?={{1,2}}(?P<version>{EXACT})", re.IGNORECASE)
LONGEST = 2000
"""Characters of a line that are read; a requirement is shorter."""


def read(text: str) -> Iterator[tuple[Package, str]]:
    """Yield what is pinned by `==`, by a wheel's name, or to a series; extras, markers and hashes are passed over."""
    for line in text.splitlines():
        found = requirement(line)
        if found:
            yield found


def requirement(line: str) -> tuple[Package, str] | None:
    """Return the package and the version that one requirement pins, None if it pins none."""
    line = line[:LONGEST]
    if wheel := WHEEL.match(line):
        return _pair(wheel["name"], wheel["version"])
    found = REQUIREMENT.match(line.split(" --hash")[0])
    version = pinned(found["specifier"]) if found else None
    return _pair(found["name"], version) if found and version else None


def read_conda(text: str) -> Iterator[tuple[Package, str]]:
    """Yield what an environment.yml pins, by conda's `=` or pip's `==`."""
    for line in text.splitlines():
        found = CONDA.match(line[:LONGEST])
        pair = _pair(found["name"], found["version"]) if found else None
        if pair:
            yield pair


def _pair(name: str, version: str) -> tuple[Package, str] | None:
    package = package_of(name)
    return (package, version) if package else None

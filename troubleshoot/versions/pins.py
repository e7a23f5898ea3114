"""What a project asks for itself: pyproject.toml and setup.cfg."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from troubleshoot.model import Package
from troubleshoot.toml import loads
from troubleshoot.versions.names import package_of, pinned
from troubleshoot.versions.requirements import requirement


def read_pyproject(text: str) -> Iterator[tuple[Package, str]]:
    """Yield what `[project]` and `[tool.poetry]` pin. Raises ValueError."""
    content = loads(text)
    for line in _table(content, "project").get("dependencies") or ():
        found = requirement(line) if isinstance(line, str) else None
        if found:
            yield found
    for name, wanted in _table(content, "tool", "poetry", "dependencies").items():
        package = package_of(name)
        version = pinned(wanted.get("version") if isinstance(wanted, dict) else wanted, bare=True)
        if package and version:
            yield package, version


def _table(content: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else {}


def read_setup(text: str) -> Iterator[tuple[Package, str]]:
    """Yield what `install_requires` in a setup.cfg pins. Raises ValueError."""
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error).splitlines()[0]) from error
    for line in parser.get("options", "install_requires", fallback="").splitlines():
        found = requirement(line)
        if found:
            yield found

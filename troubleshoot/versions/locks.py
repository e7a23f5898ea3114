"""Lock files: uv.lock, poetry.lock, pdm.lock, pylock.toml and Pipfile.lock."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.model import Package
from troubleshoot.toml import loads
from troubleshoot.versions.names import exact, package_of, pinned


def read_toml(text: str) -> Iterator[tuple[Package, str]]:
    """Yield what a lock file in TOML holds: `package` of uv, Poetry, PDM; `packages` of PEP 751. Raises ValueError."""
    content = loads(text)
    for key in ("package", "packages"):
        listed = content.get(key)
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, dict) and (package := package_of(str(entry.get("name")))):
                version = exact(entry.get("version"))
                if version:
                    yield package, version


def read_pipfile(text: str) -> Iterator[tuple[Package, str]]:
    """Yield what a Pipfile.lock holds. Raises ValueError."""
    import json

    content = json.loads(text)
    default = content.get("default") if isinstance(content, dict) else None
    for name, entry in default.items() if isinstance(default, dict) else ():
        if isinstance(entry, dict) and (package := package_of(name)):
            version = pinned(entry.get("version"))
            if version:
                yield package, version

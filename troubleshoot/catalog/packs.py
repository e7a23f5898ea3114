"""Packs of knowledge that installed distributions bring; they are found by their files, and nothing of them is run."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from troubleshoot.catalog.content import Content, find_content
from troubleshoot.errors import KnowledgeError, Problem, UsageError

GROUP = "troubleshoot.knowledge"
"""The group of entry points; the value of one names the package whose folder holds `knowledge/` and `templates/`."""


def installed_packs() -> list[Content]:
    """Return the packs that are installed, in the order of their names. Raises `KnowledgeError` for an empty one."""
    if not _is_any():
        return []
    from importlib.metadata import entry_points

    found = []
    for point in entry_points(group=GROUP):
        name = f"{point.dist.name} {point.dist.version}" if point.dist else point.name
        folder = _folder_of(point.value.partition(":")[0].strip())
        try:
            if folder is None:
                raise UsageError(f"{point.value}: no such package")
            found.append(find_content(folder, name))
        except UsageError as error:
            path = str(folder or point.value)
            raise KnowledgeError([Problem(path, 1, f"the installed pack {name} has no knowledge: {error}")]) from error
    return sorted(found, key=lambda pack: pack.name)


def _is_any() -> bool:
    """Return whether a distribution has such an entry point; to ask `importlib.metadata` takes ten times as long."""
    for place in sys.path:
        with suppress(OSError), os.scandir(place or os.curdir) as entries:
            for entry in entries:
                if entry.name.endswith((".dist-info", ".egg-info")):
                    with suppress(OSError), open(f"{entry.path}/entry_points.txt", "rb") as points:  # noqa: PTH123
                        if GROUP.encode() in points.read():
                            return True
    return False


def _folder_of(module: str) -> Path | None:
    """Return the folder of a package, without importing it or what it lies in."""
    from importlib.util import find_spec

    first, *rest = module.split(".")
    spec = find_spec(first)
    places = (spec.submodule_search_locations if spec else None) or ()
    return next((path for place in places if (path := Path(place, *rest)).is_dir()), None)

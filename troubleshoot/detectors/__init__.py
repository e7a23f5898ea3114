"""Source detectors: what a structure in code says about a cause.

A detector is a file named after its cause: `detectors/websocket/accept_not_called.py` is that of
`websocket/accept-not-called`. It has `BROKEN` and `FIXED`, files of a small application by name, which are its tests,
and `detect(project)`, which yields a `Sighting` for each place that shows the cause. One that tells of something
because it is nowhere in the project has `WHOLE_PROJECT = True`: it is not believed when it has seen a part only. One
of a cause that stands in a single place may have `concerns(project)`, which says whether a piece of source shows such a
place as a whole: if it does, and the cause is not found there, the cause is not that.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.model import Catalog


class Detector(Protocol):
    """A module of this package."""

    BROKEN: Mapping[str, str]
    FIXED: Mapping[str, str]
    detect: Callable[[Project], Iterator[Sighting]]


def searched_for(catalog: Catalog) -> list[str]:
    """Return the causes that source is searched for, by a detector or a list of calls."""
    names = {_cause(path) for path in _files()} | {cause.id for cause in catalog.outlines.values() if cause.watches}
    return sorted(names & set(catalog.causes))


def detectors() -> dict[str, Detector]:
    """Return every detector by the id of its cause."""
    return {_cause(path): importlib.import_module(f"{__name__}.{path.parent.name}.{path.stem}") for path in _files()}


def _files() -> list[Path]:
    return [path for path in sorted(Path(__file__).parent.glob("*/*.py")) if path.stem != "__init__"]


def _cause(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}".replace("_", "-")

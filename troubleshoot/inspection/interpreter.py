"""Which interpreter an application is imported with: ours, where FastAPI is beside us, else its project's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from troubleshoot.versions.environment import environments, read

BINARY = "Scripts/python.exe" if os.name == "nt" else "bin/python"


def interpreter_for(folder: Path) -> str | None:
    """Return the interpreter for the applications in `folder`, None if none is found that has FastAPI.

    Whoever starts `troubleshoot` by uvx or pipx has it in an environment of its own; then the application is imported
    with a virtual environment of its project, or the active one.
    """
    if find_spec("fastapi") is not None:
        return sys.executable
    return next((str(path) for path in _candidates(folder.absolute()) if path.is_file()), None)


def _candidates(folder: Path) -> Iterator[Path]:
    for place in _up_to_the_repository(folder):
        for environment in environments(place):
            if _has_fastapi(environment):
                yield environment / BINARY


def _up_to_the_repository(folder: Path) -> list[Path]:
    """Return `folder` and those around it that belong to the same repository."""
    around = [folder, *folder.parents]
    roots = [index for index, place in enumerate(around) if (place / ".git").exists()]
    return around[: roots[0] + 1 if roots else 1]


def _has_fastapi(environment: Path) -> bool:
    try:
        return any(package == "fastapi" for package, _ in read(environment))
    except OSError:
        return False

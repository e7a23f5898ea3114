"""What is installed in a virtual environment, read from the names of folders; nothing in it is run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from troubleshoot.model import Package
from troubleshoot.versions.names import EXACT, NAME, package_of

INSTALLED = re.compile(rf"(?P<name>{NAME})-(?P<version>{EXACT})(?:-py[^/]*)?\.(?:dist|egg)-info", re.IGNORECASE)


def own_environments(project: Path) -> list[Path]:
    """Return the virtual environments in the folder `project`."""
    return [project / name for name in (".venv", "venv", "env") if (project / name / "pyvenv.cfg").is_file()]


def environments(project: Path) -> list[Path]:
    """Return the virtual environments of `project`, else the one that is active."""
    active = os.environ.get("VIRTUAL_ENV")
    return own_environments(project) or ([Path(active)] if active else [])


def read(environment: Path) -> Iterator[tuple[Package, str]]:
    """Yield what is installed in `environment`. Raises OSError."""
    folders = [
        *environment.glob("lib/python3*/site-packages"),
        *environment.glob("lib/python3*/dist-packages"),
        environment / "Lib" / "site-packages",
    ]
    for folder in folders:
        if not folder.is_dir():
            continue
        for entry in sorted(folder.iterdir()):
            found = INSTALLED.fullmatch(entry.name)
            package = package_of(found["name"]) if found else None
            if found and package:
                yield package, found["version"]

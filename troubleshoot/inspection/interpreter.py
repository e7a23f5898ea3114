"""Which interpreter an application is imported with: that of its project wherever there is one, else ours."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_path

from troubleshoot import limits
from troubleshoot.values import frozen
from troubleshoot.versions.environment import own_environments, read

BINARIES = ("Scripts/python.exe", "python.exe") if os.name == "nt" else ("bin/python", "bin/python3")
"""Where an environment has its interpreter; on Windows conda has it at the top."""


@frozen
class Interpreter:
    """An interpreter to import an application with; `path` is empty if none is known that has FastAPI.

    `is_ours` says that it was taken for want of one of the project, so that a package which is missing there need not
    be missing to the server. `passed_over` are the environments of the project that have no FastAPI.
    """

    path: str = sys.executable
    is_ours: bool = False
    passed_over: tuple[str, ...] = ()


def interpreter_for(folder: Path) -> Interpreter:
    """Return the interpreter for the applications in `folder`.

    The active virtual environment comes first, then what the project has, as uv, PDM, Poetry and conda know it, then
    our own where FastAPI is beside us, and last the one that the shell would find. Those without FastAPI are passed
    over.
    """
    passed_over = []
    for environment in dict.fromkeys(_environments(folder.absolute())):
        if not _has_fastapi(environment):
            passed_over.append(str(environment))
        elif environment.resolve() == Path(sys.prefix).resolve():
            return Interpreter()
        else:
            for path in map(environment.joinpath, BINARIES):
                if path.is_file():
                    return Interpreter(path=str(path))
    found = shutil.which("python") or shutil.which("python3")
    shells = Path(found).parent.parent if found else None
    if find_spec("fastapi") is not None:
        is_apart = sys.prefix != sys.base_prefix and shells != Path(sys.prefix)
        return Interpreter(is_ours=is_apart, passed_over=tuple(passed_over))
    if found and shells and _has_fastapi(shells):
        return Interpreter(path=found)
    return Interpreter(path="", passed_over=tuple(passed_over))


def _environments(folder: Path) -> Iterator[Path]:
    """Yield the environments of the project around `folder`, whether they have FastAPI or not."""
    places = _up_to_the_repository(folder)
    yield from _named("VIRTUAL_ENV", folder)
    for place in places:
        yield from own_environments(place)
    for place in places:
        # uv takes a relative path as one from the root of the workspace.
        if (place / "pyproject.toml").is_file():
            yield from _named("UV_PROJECT_ENVIRONMENT", place)
        yield from _of_pdm(place)
        yield from _of_poetry(place)
    yield from _named("CONDA_PREFIX", folder)


def _up_to_the_repository(folder: Path) -> list[Path]:
    """Return `folder` and those around it that belong to the same repository, or else lie where people are."""
    around = [folder, *folder.parents]
    roots = [index for index, place in enumerate(around) if (place / ".git").exists()]
    if not roots and folder.is_relative_to(Path.cwd()):
        roots = [around.index(Path.cwd())]
    return around[: roots[0] + 1 if roots else 1]


def _named(variable: str, folder: Path) -> Iterator[Path]:
    value = os.environ.get(variable)
    if value and (folder / value).is_dir():
        yield folder / value


def _of_pdm(folder: Path) -> Iterator[Path]:
    """Yield the environment whose interpreter PDM has noted."""
    with suppress(OSError, ValueError):
        noted = limits.read(folder / ".pdm-python", "settings").decode().strip()
        yield Path(noted).parent.parent


def _of_poetry(folder: Path) -> Iterator[Path]:
    """Yield the environments that Poetry keeps for a project, named by a hash of its folder and by the Python."""
    if (folder / "pyproject.toml").is_file():
        project = os.path.normcase(folder.resolve())
        mark = base64.urlsafe_b64encode(hashlib.sha256(project.encode()).digest()).decode()[:8]
        yield from sorted(_kept_by_poetry().glob(f"*-{mark}-py*"), reverse=True)


def _kept_by_poetry() -> Path:
    named = os.environ.get("POETRY_VIRTUALENVS_PATH")
    cache = os.environ.get("POETRY_CACHE_DIR") or user_cache_path("pypoetry", appauthor=False)
    return Path(named).expanduser() if named else Path(cache).expanduser() / "virtualenvs"


def _has_fastapi(environment: Path) -> bool:
    try:
        return any(package == "fastapi" for package, _ in read(environment))
    except OSError:
        return False

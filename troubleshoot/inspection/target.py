"""Which application is meant: named as a server is told, by its file, or found as the `fastapi` command finds it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from troubleshoot import limits, program, toml
from troubleshoot.conventions import APPLICATIONS
from troubleshoot.errors import UsageError
from troubleshoot.inspection.interpreter import Interpreter

DEFAULT_TIMEOUT = 30.0
SETTINGS = "pyproject.toml"
SOURCE = "src"
"""The folder of a project that has its packages, where they do not lie beside its settings."""
BELOW = ("[!.]*", f"{SOURCE}/[!.]*")
MOST_BELOW = 3
"""Folders that are named in which there is an application, where there is none in the folder itself."""
MODULE = re.compile(r"[\w\-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An application to examine, and how to import it.

    `name` is `module:attribute`, or a module alone in which the application is still to be found. `app_dir` is put
    first on the import path, `timeout` counts in seconds. `given` is how it was named, if by a text.
    """

    name: str
    is_factory: bool = False
    app_dir: Path = Path()
    interpreter: Interpreter = field(default_factory=Interpreter)
    timeout: float = DEFAULT_TIMEOUT
    given: str = ""

    def __post_init__(self) -> None:
        """Raise `UsageError` for what cannot be a target."""
        module, colon, attribute = self.name.partition(":")
        # A file need not have the name of an identifier to be imported by the machinery that servers use.
        is_module = all(MODULE.fullmatch(part) for part in module.split("."))
        if not is_module or (colon and not all(part.isidentifier() for part in attribute.split("."))):
            raise UsageError(f"{self.name!r} is no application; write MODULE:APP, such as app.main:app")
        if not self.app_dir.is_dir():
            raise UsageError(f"--app-dir {self.app_dir}: is no folder")

    @property
    def is_named(self) -> bool:
        """Whether the application has a name, and not only its module."""
        return ":" in self.name

    @classmethod
    def of(cls, text: str, app_dir: Path = Path()) -> Target:
        """Return the target that `MODULE:APP`, `FILE:APP`, `FILE` or a folder names; `APP()` is a factory.

        Nothing stands for `app_dir`. Raises `UsageError`.
        """
        if not app_dir.is_dir():
            raise UsageError(f"--app-dir {app_dir}: is no folder")
        return replace(cls._of(text.removesuffix("()"), app_dir, is_factory=text.endswith("()")), given=text)

    @classmethod
    def _of(cls, text: str, app_dir: Path, *, is_factory: bool) -> Target:
        place, _, attribute = text.partition(":")
        if (app_dir / text).is_dir() and not is_factory:
            return _found_in(app_dir / text)
        if place.endswith(".py") or "/" in place:
            return _in_file(app_dir / place, attribute, is_factory=is_factory)
        if ":" not in text:
            raise UsageError(f"{text!r} is no application; write MODULE:APP, such as app.main:app")
        return cls(name=text, is_factory=is_factory, app_dir=_imported_from(app_dir, text))


def _found_in(folder: Path) -> Target:
    """Return the application of a folder: the one its settings name, else the one in the first of `APPLICATIONS`."""
    entrypoint = _entrypoint(folder / SETTINGS)
    if entrypoint:
        return Target(name=entrypoint, app_dir=_imported_from(folder, entrypoint))
    place = _usual_place(folder)
    if place is None:
        where = "here" if folder == Path() else f"in {folder}"
        below = sorted(path for pattern in BELOW for path in folder.glob(pattern) if _usual_place(path))
        names = [*(shlex.quote(str(path)) for path in below[:MOST_BELOW]), "MODULE:APP"]
        raise UsageError(
            f"there is no application {where} where the fastapi command looks for one ({', '.join(APPLICATIONS)}, or "
            f"[tool.fastapi] entrypoint in {SETTINGS}); name it: {program.name()} inspect {' or '.join(names)}"
        )
    return _in_file(place, "")


def _usual_place(folder: Path) -> Path | None:
    """Return the file in which the `fastapi` command would look for the application of a folder."""
    return next((folder / name for name in APPLICATIONS if (folder / name).is_file()), None)


def _imported_from(folder: Path, name: str) -> Path:
    """Return where a module is imported from: `folder`, or its `src` where only that has the module's package."""
    package = name.partition(":")[0].partition(".")[0]
    here, source = ([*root.glob(package), *root.glob(f"{package}.py")] for root in (folder, folder / SOURCE))
    return folder / SOURCE if source and not here else folder


def _entrypoint(path: Path) -> str:
    """Return what the settings of a project name as its application, or nothing. Raises `UsageError`."""
    try:
        content: Any = toml.loads(limits.read(path, "settings").decode())
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path}: is damaged: {error}") from error
    for key in ("tool", "fastapi", "entrypoint"):
        content = content.get(key, "") if isinstance(content, Mapping) else ""
    if not isinstance(content, str) or (content and ":" not in content):
        raise UsageError(f"{path}: [tool.fastapi] entrypoint is {content!r}; write MODULE:APP, such as app.main:app")
    return content


def _in_file(path: Path, attribute: str, *, is_factory: bool = False) -> Target:
    """Return the application in a file, which is imported from where its package starts. Raises `UsageError`."""
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file")
    path = path.absolute()
    root = path.parent
    parts = [] if path.stem == "__init__" else [path.stem]
    while (root / "__init__.py").is_file():
        parts.insert(0, root.name)
        root = root.parent
    name = ".".join(parts)
    return Target(name=f"{name}:{attribute}" if attribute else name, is_factory=is_factory, app_dir=root)

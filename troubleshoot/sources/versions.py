"""A project's folder, read for the versions it uses: environment, lock files, pins. Nothing in it is run."""

from __future__ import annotations

import codecs
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TypeAlias

from troubleshoot import limits
from troubleshoot.errors import UsageError
from troubleshoot.model import Package, Skipped, Trust, Version
from troubleshoot.versions import environment, locks, pins, requirements
from troubleshoot.versions.names import TITLES, exact
from troubleshoot.versions.weighing import in_use

Reader: TypeAlias = Callable[[str], Iterator[tuple[Package, str]]]

FILES: Sequence[tuple[str, Trust, Reader]] = (
    ("uv.lock", "lock", locks.read_toml),
    ("poetry.lock", "lock", locks.read_toml),
    ("pdm.lock", "lock", locks.read_toml),
    ("pylock.toml", "lock", locks.read_toml),
    ("pylock.*.toml", "lock", locks.read_toml),
    ("Pipfile.lock", "lock", locks.read_pipfile),
    ("requirements*.txt", "lock", requirements.read),
    ("requirements/*.txt", "lock", requirements.read),
    ("requires*.txt", "pin", requirements.read),
    ("requirements*.in", "pin", requirements.read),
    ("requirements/*.in", "pin", requirements.read),
    ("environment.yml", "lock", requirements.read_conda),
    ("environment.yaml", "lock", requirements.read_conda),
    ("pyproject.toml", "pin", pins.read_pyproject),
    ("setup.cfg", "pin", pins.read_setup),
)
"""The files that are read, the first the most trustworthy; each is a pattern below the folder."""


@dataclass(frozen=True, slots=True)
class ProjectSource:
    """The folder of a project."""

    folder: Path

    def collect(self) -> Iterator[Version | Skipped]:
        """Yield the version of each package from the first place that names one. Raises `UsageError`."""
        if not self.folder.is_dir():
            raise UsageError(f"{self.folder}: is not a folder")
        seen: set[Package] = set()
        for item in self._all():
            if isinstance(item, Skipped):
                yield item
            elif item.package not in seen:
                seen.add(item.package)
                yield item

    def _all(self) -> Iterator[Version | Skipped]:
        for place in environment.environments(self.folder):
            yield from self._environment(place)
        for pattern, trust, reader in FILES:
            for path in sorted(self.folder.glob(pattern)):
                if path.is_file():
                    yield from self._file(path, trust, reader)

    def _environment(self, place: Path) -> Iterator[Version | Skipped]:
        try:
            found = list(environment.read(place))
        except OSError as error:
            yield Skipped(source="versions", location=self._name(place), why=f"cannot be read: {error.strerror}")
        else:
            yield from _versions(found, "environment", self._name(place))

    def _file(self, path: Path, trust: Trust, reader: Reader) -> Iterator[Version | Skipped]:
        name = self._name(path)
        try:
            found = list(reader(_text(limits.read(path, "version file"))))
        except OSError as error:
            yield Skipped(source="versions", location=name, why=f"cannot be read: {error.strerror}")
        except RecursionError:
            yield Skipped(source="versions", location=name, why="it is nested too deeply")
        except UnicodeDecodeError:
            yield Skipped(source="versions", location=name, why="it is not UTF-8 text")
        except ValueError as error:
            yield Skipped(source="versions", location=name, why=f"is damaged: {error}")
        else:
            yield from _versions(found, trust, name)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else str(path)


@dataclass(frozen=True, slots=True)
class RunningSource:
    """The environment that this program runs in."""

    def collect(self) -> Iterator[Version]:
        """Yield the version of each package that is installed, and Python's own."""
        for package in TITLES:
            try:
                text = platform.python_version() if package == "python" else metadata.version(package)
            except metadata.PackageNotFoundError:
                continue
            if exact(text):
                yield Version(package=package, text=text, trust="environment", location="this environment")


def versions_in(folder: Path) -> Mapping[Package, Version]:
    """Return the versions that a folder itself names, the most trustworthy of each package."""
    return in_use(item for item in ProjectSource(folder).collect() if isinstance(item, Version))


def _text(data: bytes) -> str:
    """Return the text of a file; what Windows writes with `>` is UTF-16. Raises UnicodeDecodeError."""
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if is_wide else "utf-8-sig")


def _versions(pairs: Iterable[tuple[Package, str]], trust: Trust, name: str) -> Iterator[Version]:
    """Yield what one place says of each package; a package with several versions there, by platform, says nothing."""
    found: dict[Package, set[str]] = {}
    for package, version in pairs:
        found.setdefault(package, set()).add(version)
    for package, versions in found.items():
        if len(versions) == 1:
            yield Version(package=package, text=versions.pop(), trust=trust, location=name)

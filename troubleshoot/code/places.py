"""From the places that were named to the files of the project around them, and which of these are told of."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from troubleshoot import limits
from troubleshoot.code.files import Files
from troubleshoot.code.progress import Progress, no_progress
from troubleshoot.code.settings import PROJECT, Settings
from troubleshoot.code.walk import TooManyError, Walk
from troubleshoot.errors import UsageError

MARKS = (PROJECT, "setup.cfg", "setup.py", ".git")
"""What stands in the root of a project."""
ABSOLUTE = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)\.([A-Za-z_]\w*)", re.MULTILINE)
RELATIVE = re.compile(rb"^[ \t]*from[ \t]+(\.{2,})", re.MULTILINE)
MOST_ASKED = 500
"""Files that are asked which folder their imports start from."""


class Area(NamedTuple):
    """The project around a place: the folder that its imports start from, and the folder that it fills."""

    root: Path
    extent: Path


def gather(
    places: Sequence[Path], settings: Settings, progress: Progress = no_progress, *, keep_out: bool = False
) -> Files:
    """Return the Python files of the projects around `places`; those at `places` are to be told of.

    A file that is named is examined whatever patterns say, unless `keep_out`. A project too large to be looked through
    for the sake of a part of it is not: that part stands alone, and `remark` says so. Raises `UsageError`.
    """
    for place in places:
        if not place.exists():
            raise UsageError(f"{place}: no such file or folder")
    progress("looking for files")
    resolved = [place.resolve() for place in places]
    areas = [area_around(place) for place in resolved]
    root = os.path.commonpath([area.root for area in areas])
    walk = Walk(root, settings.exclude, str(settings.folder))
    paths: set[str] = set()
    named: set[str] = set()
    remark = ""

    @cache
    def inside(folder: Path, most: int = 0) -> list[str]:
        below = folder.relative_to(root).as_posix()
        return walk.files("" if below == "." else below, most)

    for place, area in zip(resolved, areas, strict=True):
        whole: list[str] = []
        if place != area.extent:
            try:
                whole = inside(area.extent, limits.MOST_AROUND)
            except TooManyError:
                remark = (
                    f"only what was named was looked at: the project around it, {area.extent}, has more than "
                    f"{limits.MOST_AROUND:,} files or folders"
                )
        here = place.relative_to(root).as_posix()
        if place.is_file():
            wanted = [here] if not keep_out or here in (whole or inside(place.parent)) else []
            wanted = [path for path in wanted for path in walk.named(path)]
        else:
            wanted = [path for path in whole if path.startswith(f"{here}/")] or inside(place)
        paths.update(whole, wanted)
        named.update(wanted)
    shown = tuple("" if place == Path(root) else place.relative_to(root).as_posix() for place in resolved)
    return Files(root, sorted(paths), walk.skipped, frozenset(paths - named), shown, remark)


def area_around(place: Path) -> Area:
    """Return the project that a place belongs to.

    Its root is the nearest folder with one of `MARKS`; where there is none, the working folder, if it is around the
    place. It is a folder further out, if it is itself a package or imports say so. What many projects share, such as a
    home, is never looked through unless it is named.
    """
    folder = place if place.is_dir() else place.parent
    shared = _shared()
    around = list(_around(folder, shared))
    root = next((item for item in around if _is_marked(item)), None)
    if root is None:
        root = next((item for item in around if item == _standing_in()), folder)
    while (root / "__init__.py").is_file() and root != root.parent:
        root = root.parent
    root = _imported_from(place, folder, root)
    if place.is_file() and folder in shared:
        return Area(root, place)
    return Area(root, root if root in around else around[-1] if root in around[-1].parents else folder)


def _around(folder: Path, shared: Collection[Path]) -> Iterator[Path]:
    """Yield a folder and those around it, to the end of its repository or of what is not shared."""
    yield folder
    while not (folder / ".git").exists() and folder.parent != folder and folder.parent not in shared:
        folder = folder.parent
        yield folder


def _shared() -> set[Path]:
    """Return the folders that many projects share: homes, temporary files, and what is around these."""
    places = [Path(tempfile.gettempdir())]
    with suppress(RuntimeError):
        places.append(Path.home())
    return {folder for place in places for folder in _upwards(place.resolve())}


def _standing_in() -> Path | None:
    with suppress(OSError):
        return Path.cwd()
    return None


def _upwards(folder: Path) -> tuple[Path, ...]:
    return folder, *folder.parents


def _is_marked(folder: Path) -> bool:
    return any((folder / mark).exists() for mark in MARKS)


def _imported_from(place: Path, folder: Path, root: Path) -> Path:
    """Return the folder around `root` that the imports of files in a place start from; `root`, if they do not say."""
    outermost = root
    asked = [place] if place.is_file() else islice(chain(folder.glob("*.py"), folder.glob("*/*.py")), MOST_ASKED)
    for path in asked:
        with suppress(OSError):
            data = limits.read(path, "source file")
            for candidate in (*_absolute(data, root), *_relative(data, path.parent)):
                if candidate in outermost.parents:
                    outermost = candidate
    return outermost


def _absolute(data: bytes, root: Path) -> Iterator[Path]:
    """Yield the folders around `root`, that is where `app` is for `from app.services import …`."""
    for top, next_one in set(ABSOLUTE.findall(data)):
        for package in _upwards(root):
            if package.name == top.decode() and not _has(root, package.name) and _has(package, next_one.decode()):
                yield package.parent


def _relative(data: bytes, folder: Path) -> Iterator[Path]:
    """Yield the packages that imports with two dots or more lead up to."""
    for dots in set(RELATIVE.findall(data)):
        if len(dots) - 2 < len(folder.parents):
            yield folder.parents[len(dots) - 2]


def _has(folder: Path, name: str) -> bool:
    return (folder / name).is_dir() or (folder / f"{name}.py").is_file()

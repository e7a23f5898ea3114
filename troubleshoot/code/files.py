"""The files of a project, read when they are needed, and which of them an import leads to."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot import limits
from troubleshoot.code.asked import Asked, Glance
from troubleshoot.model import Skipped
from troubleshoot.redaction import shown

if TYPE_CHECKING:
    from troubleshoot.code.syntax.modules import Module


@dataclass(eq=False)
class Files:
    """The Python files below `root`, by their paths relative to it; each is read and parsed at most once.

    Those `aside` are looked at for the sake of the others, which are at `places`. `remark` is what must be said of
    which files these are, `asked` what has been asked of them, and `sound` are some that are known to be Python. They
    are `is_loose` if they are pieces that somebody has put side by side, and no project.
    """

    root: str
    paths: list[str]
    skipped: list[Skipped] = field(default_factory=list)
    aside: frozenset[str] = frozenset()
    places: tuple[str, ...] = ("",)
    remark: str = ""
    asked: Asked = field(default_factory=Asked)
    sound: set[str] = field(default_factory=set)
    is_loose: bool = False
    _data: dict[str, bytes] = field(default_factory=dict)
    _modules: dict[str, Module | None] = field(default_factory=dict)
    _found: dict[tuple[tuple[str, ...], str], str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note under which dotted names each file may be imported, whichever folder is on the path."""
        self.known = frozenset(self.paths)
        self._by_name: Mapping[str, list[str]] = defaultdict(list)
        for path in self.paths:
            parts = path[:-3].split("/")
            if parts[-1] == "__init__":
                parts.pop()
            for start in range(len(parts)):
                # A folder that is a package is not one that imports start from.
                if start and "/".join([*parts[:start], "__init__.py"]) in self.known:
                    continue
                self._by_name[".".join(parts[start:])].append(path)

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """What changes whenever a file does, by its path; under the empty path, whenever something cannot be read."""
        found = {path: _digest(self.raw(path)) for path in self.paths}
        return {"": _digest(repr(self.skipped).encode()), **found}

    def data(self, path: str) -> bytes:
        """Return what is in a file; nothing if it cannot be read."""
        self.asked.read.add(path)
        return self.raw(path)

    def holds(self, path: str, *words: bytes) -> bool:
        """Return whether one of `words` is anywhere in a file."""
        self.asked.words.update(words)
        data = self.raw(path)
        return any(word in data for word in words)

    def shows(self, path: str, pattern: re.Pattern[bytes]) -> bool:
        """Return whether a pattern is found anywhere in a file."""
        self.asked.patterns.add(pattern)
        return pattern.search(self.raw(path)) is not None

    @cached_property
    def glance(self) -> Glance:
        """What a glance over the text of all files tells."""
        return Glance(self.paths, self.raw, self.asked)

    def raw(self, path: str) -> bytes:
        """Return what `data` does, for a purpose that changes nothing of what is found."""
        if path not in self._data:
            try:
                data = limits.read(Path(self.root, path), "source file")
            except OSError as error:
                self.skip(path, f"cannot be read: {error.strerror}")
                data = b""
            if limits.is_made(data):
                self.skip(path, f"has more than {limits.MOST_STATEMENTS:,} statements, so no person wrote it")
                data = b""
            self._data[path] = data
        return self._data[path]

    def module(self, path: str) -> Module | None:
        """Return a file's module, or None if it is no Python."""
        self.asked.read.add(path)
        if path not in self._modules:
            # What is remembered needs no syntax.
            from troubleshoot.code.syntax.modules import Module
            from troubleshoot.code.syntax.parsing import UnreadableError, parse

            try:
                self._modules[path] = Module(path, self.raw(path), parse(self.raw(path)))
            except UnreadableError as error:
                self.skip(f"{path}:{error.line}" if error.line else path, error.why)
                self._modules[path] = None
            except Exception as error:
                self.failed(error, path, "reading this file")
                self._modules[path] = None
        return self._modules[path]

    def modules(self, mentioning: str = "") -> Iterator[Module]:
        """Yield the modules of the files that are Python, or of those that mention a name."""
        for path in self.paths:
            if self.holds(path, mentioning.encode()):
                module = self.module(path)
                if module is not None:
                    yield module

    def check(self, paths: Iterable[str]) -> None:
        """Read files that nobody has asked for, so that what cannot be read is noted."""
        from troubleshoot.code.syntax.parsing import is_sound

        for path in paths:
            if path not in self.sound and path not in self._modules and not is_sound(self.raw(path)):
                self.module(path)

    def changed(self, changes: Mapping[str, bytes]) -> Files:
        """Return these files with other content in some; what was read of the rest is read no more."""
        found = Files(self.root, self.paths, aside=self.aside, places=self.places, asked=self.asked)
        found._data = {**self._data, **changes}
        found._modules = {path: module for path, module in self._modules.items() if path not in changes}
        return found

    def deep(self) -> list[str]:
        """Return the files whose syntax is nested too deeply to be looked into in every way."""
        from troubleshoot.code.syntax.parsing import is_deep

        return [path for path, module in self._modules.items() if module is not None and is_deep(module.tree)]

    def without_deep(self) -> bool:
        """Leave out the files whose syntax is nested too deeply; return whether there are any."""
        from troubleshoot.code.syntax.parsing import TOO_DEEP

        deep = self.deep()
        for path in deep:
            self.skip(path, TOO_DEEP)
            self._modules[path] = None
        return bool(deep)

    def failed(self, error: Exception, location: str, what: str) -> None:
        """Note that a bug of ours has ended `what`.

        Raises `error` if it is none: memory has run out, files are nested too deeply and can be left out, or somebody
        wants to see where it was.
        """
        wanted = os.environ.get("TROUBLESHOOT_DEBUG")
        if wanted or isinstance(error, MemoryError) or (isinstance(error, RecursionError) and self.deep()):
            raise error
        how = shown(f"{type(error).__name__}: {error}")
        self.skip(location, f"{what} failed, which is a bug in troubleshoot ({how}); the rest was examined")

    def concerns(self, item: Skipped) -> bool:
        """Return whether something that was not examined is, or is in, one of `places`, or is no file in particular."""
        path, _, line = item.location.rpartition(":")
        path = path if path and line.isdigit() else item.location
        if path in self.known:
            return path not in self.aside
        # What cannot be shown is escaped, in quotes.
        shown = [name for place in self.places for name in (place, ascii(place)[:-1])]
        return path == "." or any(
            not name or path in (name, f"{name}'") or path.startswith(f"{name}/") for name in shown
        )

    def skip(self, location: str, why: str) -> None:
        """Note that a file could not be examined."""
        self.skipped.append(Skipped(source="code", location=location, why=why))

    def find(self, dotted: str, package: tuple[str, ...]) -> str | None:
        """Return the file that `import dotted` leads to from a file in `package`; the nearest, if there are several."""
        key = (package, dotted)
        if key not in self._found:
            named = self._by_name.get(dotted, ())
            candidates = [path for path in named if _is_importable(path, dotted, package)]
            beside = self._beside(dotted, package, is_own=bool(named)) if "." in dotted or not candidates else None
            candidates += [beside] if beside is not None else []
            self._found[key] = max(
                candidates, key=lambda path: (_shared(path, package), -path.count("/")), default=None
            )
        return self._found[key]

    def _beside(self, dotted: str, package: tuple[str, ...], *, is_own: bool) -> str | None:
        """Return a module in a folder around the one that imports it: a package may also be where a process starts.

        A name alone is more often a library's (`import celery` in a folder with a celery.py), unless the project has
        such modules elsewhere (`is_own`).
        """
        if "." not in dotted and not is_own:
            return None
        for depth in range(len(package), -1, -1):
            path = "/".join((*package[:depth], *dotted.split(".")))
            for candidate in (f"{path}.py", f"{path}/__init__.py" if "." in dotted else ""):
                if candidate in self.known:
                    return candidate
        return None


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _is_importable(path: str, dotted: str, package: tuple[str, ...]) -> bool:
    """Return whether `import dotted` may mean a file: a lone file deep in the tree is for its neighbours only.

    Elsewhere `import stripe` means the library, not a script of that name.
    """
    folder = tuple(path.split("/")[:-1])
    is_script = "." not in dotted and not path.endswith("/__init__.py") and len(folder) > 1
    return not is_script or package[: len(folder)] == folder


def _shared(path: str, package: tuple[str, ...]) -> int:
    """Return how many folders a path has in common with a package, from the root down."""
    count = 0
    for mine, other in zip(path.split("/"), package, strict=False):
        if mine != other:
            break
        count += 1
    return count

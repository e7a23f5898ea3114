"""What is asked of files: what a change of one must answer as before, if it is to change nothing that is found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TEXT = "latin-1"
"""How bytes of whatever encoding are written as text."""
_CLASS = re.compile(rb"^[ \t]*class[ \t]+\w+[^(:\n]*\(([^)]*)\)", re.MULTILINE)
_METHOD = re.compile(rb"^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
_STORE = re.compile(rb"^[ \t]*(?!self\.|cls\.)\w[\w.]*\.(\w+)[ \t]*(?::[^=\n]+)?=[^=]", re.MULTILINE)
_WORD = re.compile(rb"\w+")
_TEST = re.compile(r"(?:^|/)(?:tests?/|e2e/|test_|conftest\.py)|_test\.py$")


def _bases(data: bytes) -> set[bytes]:
    return {word for bases in _CLASS.findall(data) for word in _WORD.findall(bases)}


_USES: Mapping[str, Callable[[bytes], set[bytes]]] = {
    "deriving": _bases,
    "defining": lambda data: set(_METHOD.findall(data)),
    "storing": lambda data: set(_STORE.findall(data)),
}
"""The ways in which a file may use a name; the project's tests use none."""


@dataclass(eq=False)
class Asked:
    """What was asked: `read` are the files whose whole content counts; of others only what `answers` returns."""

    read: set[str] = field(default_factory=set)
    words: set[bytes] = field(default_factory=set)
    patterns: set[re.Pattern[bytes]] = field(default_factory=set)
    names: dict[str, set[bytes]] = field(default_factory=lambda: {use: set() for use in _USES})

    def take_in(self, other: Asked) -> None:
        """Add what was asked elsewhere."""
        self.read |= other.read
        self.words |= other.words
        self.patterns |= other.patterns
        for use, names in other.names.items():
            self.names[use] |= names

    def answers(self, path: str, data: bytes) -> str:
        """Return what the file at `path` answers to all that was asked of those not read, if it has this content."""
        words = [word for word in sorted(self.words) if word in data]
        patterns = sorted((item.pattern, item.flags) for item in self.patterns if item.search(data))
        asked_of = {use: names for use, names in self.names.items() if names and not _TEST.search(path)}
        uses = [(use, sorted(_USES[use](data) & names)) for use, names in sorted(asked_of.items())]
        return repr((words, patterns, uses))

    def values(self) -> dict[str, Any]:
        """Return what was asked, without what was read, as JSON can hold it."""
        return {
            "words": [word.decode(TEXT) for word in sorted(self.words)],
            "patterns": sorted([item.pattern.decode(TEXT), item.flags] for item in self.patterns),
            "names": {use: [name.decode(TEXT) for name in sorted(names)] for use, names in self.names.items()},
        }

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Asked:
        """Return what `values` has made JSON of."""
        return cls(
            words={word.encode(TEXT) for word in values["words"]},
            patterns={re.compile(pattern.encode(TEXT), flags) for pattern, flags in values["patterns"]},
            names={use: {name.encode(TEXT) for name in values["names"][use]} for use in _USES},
        )


@dataclass(eq=False)
class Glance:
    """By a name, the files that may use it in a certain way, told without a closer look."""

    paths: Sequence[str]
    content: Callable[[str], bytes]
    asked: Asked
    _found: dict[str, Mapping[bytes, list[str]]] = field(default_factory=dict)

    def deriving(self, name: str) -> Sequence[str]:
        """Return the files with a class statement that names it as a base."""
        return self._files("deriving", name)

    def defining(self, name: str) -> Sequence[str]:
        """Return the files with a method of that name."""
        return self._files("defining", name)

    def storing(self, name: str) -> Sequence[str]:
        """Return the files that assign to an attribute of that name, not of `self`."""
        return self._files("storing", name)

    def _files(self, use: str, name: str) -> Sequence[str]:
        self.asked.names[use].add(name.encode())
        if use not in self._found:
            found: dict[bytes, list[str]] = defaultdict(list)
            for path, used in self._all(use):
                found[used].append(path)
            self._found[use] = found
        return self._found[use].get(name.encode(), ())

    def _all(self, use: str) -> Iterator[tuple[str, bytes]]:
        for path in self.paths:
            if not _TEST.search(path):
                yield from ((path, name) for name in _USES[use](self.content(path)))

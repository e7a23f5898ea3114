"""What a glance over the text of all files tells, without reading one as Python: where a closer look is worth it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from troubleshoot.code.files import Files

_CLASS = re.compile(rb"^[ \t]*class[ \t]+\w+[^(:\n]*\(([^)]*)\)", re.MULTILINE)
_METHOD = re.compile(rb"^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
_STORE = re.compile(rb"^[ \t]*(?!self\.|cls\.)\w[\w.]*\.(\w+)[ \t]*(?::[^=\n]+)?=[^=]", re.MULTILINE)
_WORD = re.compile(rb"\w+")
_TEST = re.compile(r"(?:^|/)(?:tests?/|e2e/|test_|conftest\.py)|_test\.py$")


@dataclass(eq=False)
class Glance:
    """By a name, the files that may use it in a certain way; the project's tests are left out."""

    files: Files

    @cached_property
    def deriving(self) -> Mapping[str, list[str]]:
        """The files with a class statement that names it as a base."""
        return self._with(lambda data: {word for bases in _CLASS.findall(data) for word in _WORD.findall(bases)})

    @cached_property
    def defining(self) -> Mapping[str, list[str]]:
        """The files with a method of that name."""
        return self._with(lambda data: set(_METHOD.findall(data)))

    @cached_property
    def storing(self) -> Mapping[str, list[str]]:
        """The files that assign to an attribute of that name, not of `self`."""
        return self._with(lambda data: set(_STORE.findall(data)))

    def _with(self, names: Callable[[bytes], set[bytes]]) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in self.files.paths:
            if not _TEST.search(path):
                for name in names(self.files.data(path)):
                    found[name.decode("utf-8", "replace")].append(path)
        return found

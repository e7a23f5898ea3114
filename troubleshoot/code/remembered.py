"""What a scan came to is remembered, and holds for as long as files answer alike all that it asked of them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from troubleshoot.catalog.cache import cache_file, read_cache, write_cache
from troubleshoot.catalog.content import PACKAGE, Content
from troubleshoot.code.files import Files
from troubleshoot.code.unchanged import is_as_good_as, state_of, unread
from troubleshoot.model import Finding, Skipped

DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError)
"""What a damaged or foreign memory raises, which is not worth a word: the work is done anew."""
Calls = Mapping[str, Sequence[str]]


class Memory:
    """What is remembered of these files, searched with this knowledge and for these calls besides.

    There is one file for each `kind` of what is remembered; `about`, if given, must be the same, too.
    """

    def __init__(self, files: Files, content: Content, more_calls: Calls, kind: str, about: object = None) -> None:
        self.files = files
        self.path = _place(files, content, kind)
        self.key = _digest(_program(), sorted(more_calls.items()), about)

    @cached_property
    def _kept(self) -> dict[str, Any] | None:
        with suppress(*DAMAGED):
            if self.path is not None:
                kept = json.loads(read_cache(self.path))
                if kept["key"] == self.key and isinstance(kept, dict):
                    return kept
        return None

    def recall(self) -> dict[str, Any] | None:
        """Return the values that were kept, or None."""
        with suppress(*DAMAGED):
            if self._kept is not None and is_as_good_as(self._kept["files"], self.files):
                return self._kept
        return None

    def left_alone(self) -> set[str]:
        """Return the files that nothing was found out from, then, and that have not changed since."""
        with suppress(*DAMAGED):
            if self._kept is not None:
                return unread(self._kept["files"], self.files)
        return set()

    def remember(self, **values: object) -> None:
        """Keep values that JSON can hold; without a place to keep them, or room, nothing happens."""
        if self.path is not None:
            with suppress(OSError):
                write_cache(self.path, json.dumps({"key": self.key, "files": state_of(self.files), **values}).encode())


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings in `memory`."""

    memory: Memory

    def recall(self) -> list[Finding] | None:
        """Return what was found, or None; what could not be read is put back into `files.skipped`."""
        kept = self.memory.recall()
        with suppress(KeyError, TypeError):
            if kept is not None:
                found = [_finding(item) for item in kept["found"]]
                self.memory.files.skipped = [Skipped(**item) for item in kept["skipped"]]
                return found
        # They were Python then, and still are.
        self.memory.files.sound = self.memory.left_alone()
        return None

    def remember(self, found: Iterable[Finding]) -> None:
        """Keep what was found."""
        skipped = [_values(item) for item in self.memory.files.skipped]
        self.memory.remember(found=[_values(item) for item in found], skipped=skipped)


def _finding(item: dict[str, Any]) -> Finding:
    return Finding(**{**item, "chain": tuple(item["chain"]), "endpoints": tuple(item["endpoints"])})


def _values(item: Finding | Skipped) -> dict[str, object]:
    return {part.name: getattr(item, part.name) for part in fields(item)}


def _place(files: Files, content: Content, ending: str) -> Path | None:
    """Return the one file for this root and this knowledge, so that memories do not pile up."""
    return cache_file(content, f"-{_digest(os.path.realpath(files.root))}{ending}")


def _digest(*several: object) -> str:
    return hashlib.blake2b(repr(several).encode(), digest_size=8).hexdigest()


@cache
def _program() -> str:
    """Return what changes whenever the program that searches does."""
    found = []
    folders = [str(PACKAGE / name) for name in ("code", "detectors", "patches", "patching")]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.name.endswith(".py"):
                    found.append((entry.path, entry.stat().st_mtime_ns))
    return _digest(sorted(found))

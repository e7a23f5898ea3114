"""What a scan found is remembered, and holds for as long as every file has the same content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from troubleshoot.catalog.cache import cache_file, read_cache, write_cache
from troubleshoot.catalog.content import PACKAGE, Content
from troubleshoot.code.files import Files
from troubleshoot.model import Finding, Skipped

Calls = Mapping[str, Sequence[str]]


class Memory:
    """What is remembered of these very files, searched with this knowledge and for these calls besides.

    `marked` says that the findings tell which of them can be patched.
    """

    def __init__(self, files: Files, content: Content, more_calls: Calls, *, marked: bool = False) -> None:
        self.files = files
        self.path = _place(files, content, ".marked" if marked else ".scan")
        self.key = _key(files, more_calls)

    def recall(self) -> list[Finding] | None:
        """Return what was found, or None; what could not be read is put back into `files.skipped`."""
        # A damaged or foreign memory is not worth a word: the files are searched anew.
        with suppress(OSError, ValueError, KeyError, TypeError):
            if self.path is not None:
                kept = json.loads(read_cache(self.path))
                if kept["key"] == self.key:
                    self.files.skipped = [Skipped(**item) for item in kept["skipped"]]
                    return [_finding(item) for item in kept["found"]]
        return None

    def remember(self, found: Sequence[Finding]) -> None:
        """Keep what was found; without a place to keep it, or room, nothing happens."""
        if self.path is not None:
            values = {
                "key": self.key,
                "found": [_values(item) for item in found],
                "skipped": [_values(item) for item in self.files.skipped],
            }
            with suppress(OSError):
                write_cache(self.path, json.dumps(values).encode())


def _finding(item: dict[str, Any]) -> Finding:
    return Finding(**{**item, "chain": tuple(item["chain"]), "endpoints": tuple(item["endpoints"])})


def _values(item: Finding | Skipped) -> dict[str, object]:
    return {part.name: getattr(item, part.name) for part in fields(item)}


def _place(files: Files, content: Content, ending: str) -> Path | None:
    """Return the one file for this root and this knowledge, so that memories do not pile up."""
    root = hashlib.blake2b(str(Path(files.root).resolve()).encode(), digest_size=8).hexdigest()
    return cache_file(content, f"-{root}{ending}")


def _key(files: Files, more_calls: Calls) -> str:
    """Return what changes whenever a file, its name, or the program that searches does."""
    digest = hashlib.blake2b(repr(sorted(more_calls.items())).encode(), digest_size=16)
    for folder in ("code", "detectors", "patches", "patching"):
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            digest.update(f"{path} {path.stat().st_mtime_ns}".encode())
    digest.update(repr(files.skipped).encode())
    for name in files.paths:
        data = files.data(name)
        digest.update(f"{name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()

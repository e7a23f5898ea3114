"""Proposals are remembered, and hold for as long as every file has the same content."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from troubleshoot.code.remembered import Memory
from troubleshoot.model import Finding, Proposal

ANY_BYTES = "latin-1"
"""How bytes of whatever encoding are written as text."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proposals for `wanted` in `memory`, which is about these."""

    memory: Memory
    wanted: Sequence[Finding]

    def recall(self) -> tuple[Proposal, ...] | None:
        """Return what was proposed, or None."""
        kept = self.memory.recall()
        with suppress(KeyError, TypeError, ValueError, IndexError):
            if kept is not None:
                return tuple(self._proposal(item) for item in kept["proposals"])
        return None

    def remember(self, proposals: Sequence[Proposal]) -> None:
        """Keep what is proposed."""
        numbers = {finding: number for number, finding in enumerate(self.wanted)}
        self.memory.remember(proposals=[self._values(item, numbers[item.finding]) for item in proposals])

    def _proposal(self, item: dict[str, Any]) -> Proposal:
        files = self.memory.files
        changes = {path: _applied(files.data(path), *edit) for path, edit in item.pop("changes").items()}
        finding = self.wanted[item.pop("finding")]
        verified, remains = tuple(item.pop("verified")), tuple(item.pop("remains"))
        return Proposal(finding=finding, changes=changes, verified=verified, remains=remains, **item)

    def _values(self, item: Proposal, number: int) -> dict[str, object]:
        files = self.memory.files
        return {
            "finding": number,
            "fix": item.fix,
            "safety": item.safety,
            "changes": {path: _edit(files.data(path), data) for path, data in item.changes.items()},
            "withheld": item.withheld,
            "verified": item.verified,
            "remains": item.remains,
        }


def _edit(before: bytes, after: bytes) -> tuple[int, int, str]:
    """Return what to put in the place of which bytes of `before`, so that it becomes `after`."""
    start = _shared(before, after)
    behind = _shared(before[start:][::-1], after[start:][::-1])
    return start, len(before) - behind, after[start : len(after) - behind].decode(ANY_BYTES)


def _shared(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts have in common at their start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def _applied(data: bytes, start: int, end: int, text: str) -> bytes:
    return data[:start] + text.encode(ANY_BYTES) + data[end:]

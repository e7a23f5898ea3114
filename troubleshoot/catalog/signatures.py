"""Every log signature of the knowledge, and the texts that must occur where its pattern does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from typing import NamedTuple

from troubleshoot.catalog.needles import LEAST, Needles, needles_of
from troubleshoot.model import Catalog, EvidenceKind
from troubleshoot.versions.lines import PATTERN as VERSION_LINE

ANYWHERE = ""
"""The beginning of no needle: stands for the patterns that have none, and may occur in any text."""


class Signature(NamedTuple):
    """A pattern for one line, and what it is evidence of."""

    pattern: str
    kind: EvidenceKind
    subject: str
    value: str = ""
    key: str = ""
    within: str = ""
    raised: str = ""
    general: bool = False


TRACEBACK = Signature(r"Traceback \(most recent call last\)", "resemblance", "")
"""Stands for any traceback."""
EXCEPTION = Signature(
    r"(?m)^[ \t]*(?:E[ \t]+)?(?:\w+\.){0,8}\w+(?:Error|Exception|Warning|NotFound|Timeout): \S", "resemblance", ""
)
"""Stands for any line that looks like the last of a traceback."""
VERSION = Signature(VERSION_LINE, "version", "")
"""Stands for any line that names a version of a package."""
ALWAYS = (TRACEBACK, EXCEPTION, VERSION)
"""What any log is searched for, whatever is known."""


class Signatures(NamedTuple):
    """Signatures in a fixed order, the needles of each pattern, and which of them begin how.

    `rows` and `needles` of a compiled catalog are read one by one when they are asked for. `beginnings` maps what the
    first needles begin with to the indexes of their signatures; a look at it rules out most of them at once.
    """

    rows: Sequence[Signature]
    needles: Sequence[Sequence[Needles]]
    beginnings: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, rows: Sequence[Signature], needles: Sequence[Sequence[Needles]]) -> Signatures:
        """Arrange signatures whose patterns have these needles."""
        return cls(rows, needles, beginnings_of(needles))

    def only(self, indexes: Sequence[int]) -> Signatures:
        """Return some of them, in this order."""
        return Signatures.of([self.rows[index] for index in indexes], [self.needles[index] for index in indexes])


def beginnings_of(needles: Iterable[Sequence[Needles]]) -> Mapping[str, Sequence[int]]:
    """Return what the first needles of each row begin with, and in which rows."""
    beginnings: dict[str, list[int]] = {}
    for index, row in enumerate(needles):
        for beginning in dict.fromkeys(bytes_of(needle)[:LEAST] for needle in row[0]) if row else (ANYWHERE,):
            beginnings.setdefault(beginning, []).append(index)
    return beginnings


def bytes_of(needle: str) -> str:
    """Return the bytes of a needle, a letter for each."""
    return needle if needle.isascii() else needle.encode().decode("latin-1")


@singledispatch
def signatures_of(catalog: Catalog) -> Signatures:
    """Return what logs are searched for, the signatures of all symptoms and causes, in a fixed order.

    A compiled catalog has them ready.
    """
    symptoms = (
        Signature(pattern, "symptom", symptom.id)
        for symptom in catalog.symptoms.values()
        for pattern in symptom.signatures
    )
    signals = (
        Signature(
            signal.pattern,
            "signal",
            cause.id,
            signal.weight,
            str(index),
            signal.within,
            signal.raised or "",
            signal.general,
        )
        for cause in catalog.causes.values()
        for index, signal in enumerate(cause.signals, start=1)
    )
    rows = (*ALWAYS, *symptoms, *signals)
    needles = {pattern: needles_of(pattern) for pattern in {row.pattern: None for row in rows}}
    return Signatures.of(rows, [needles[row.pattern] for row in rows])

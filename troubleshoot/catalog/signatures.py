"""Every log signature of the knowledge, with the texts that must occur where it does."""

from __future__ import annotations

from typing import NamedTuple

from troubleshoot.catalog.needles import Needles, needles_of
from troubleshoot.model import Catalog, EvidenceKind


class Signature(NamedTuple):
    """A pattern for one line, what it is evidence of, and the needles of the pattern: each has a text that occurs."""

    pattern: str
    within: str
    kind: EvidenceKind
    subject: str
    value: str
    key: str
    raised: str = ""
    general: bool = False
    needles: tuple[Needles, ...] = ()


def signatures_of(catalog: Catalog) -> tuple[Signature, ...]:
    """Return the signatures of all symptoms and causes, in a fixed order; a compiled catalog has them ready."""
    ready: tuple[Signature, ...] | None = getattr(catalog.causes, "signatures", None)
    if ready is not None:
        return ready
    symptoms = (
        Signature(pattern, "", "symptom", symptom.id, "", "", needles=needles_of(pattern))
        for symptom in catalog.symptoms.values()
        for pattern in symptom.signatures
    )
    signals = (
        Signature(
            signal.pattern,
            signal.within,
            "signal",
            cause.id,
            signal.weight,
            str(index),
            signal.raised or "",
            signal.general,
            needles_of(signal.pattern),
        )
        for cause in catalog.causes.values()
        for index, signal in enumerate(cause.signals, start=1)
    )
    return (*symptoms, *signals)

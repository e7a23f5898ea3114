"""Every log signature of the knowledge, and the texts that must occur where its pattern does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from troubleshoot.catalog.needles import Needles, needles_of
from troubleshoot.model import Catalog, EvidenceKind


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


def signatures_of(catalog: Catalog) -> tuple[Signature, ...]:
    """Return the signatures of all symptoms and causes, in a fixed order; a compiled catalog has them ready."""
    ready: tuple[Signature, ...] | None = getattr(catalog.causes, "signatures", None)
    if ready is not None:
        return ready
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
    return (*symptoms, *signals)


def needles_in(catalog: Catalog) -> Mapping[str, Sequence[Needles]]:
    """Return the needles of every pattern: of each, one occurs where the pattern does. A compiled catalog has them."""
    ready: Mapping[str, Sequence[Needles]] | None = getattr(catalog.causes, "needles", None)
    if ready is not None:
        return ready
    return {
        pattern: needles_of(pattern) for pattern in {signature.pattern: None for signature in signatures_of(catalog)}
    }

"""The tools about the knowledge itself: every cause, one of them, and the snippets that measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from troubleshoot.catalog.naming import find_cause, stem
from troubleshoot.errors import UsageError, did_you_mean
from troubleshoot.fixes.parameters import fill
from troubleshoot.formats import explanation, listing
from troubleshoot.model import Cause
from troubleshoot.redaction import shown
from troubleshoot.serving import arguments as given
from troubleshoot.serving.desk import Desk
from troubleshoot.serving.replies import lines_of

LARGEST = 25 << 10
"""Bytes of the list of all causes."""
WIDTHS = (200, 90, 75, 60, 45, 30, 15)
"""Characters of a title, from what holds all to what fits for many more causes."""


def explain(desk: Desk, wanted: given.Explain) -> str:
    """Return everything worth reading about a cause. Raises `UsageError` for one that is not there."""
    cause = desk.knowledge.catalog.causes[find_cause(desk.knowledge.catalog, wanted.cause)]
    return lines_of(explanation.write_text(desk.knowledge.catalog, cause), detail=wanted.detail)


def probe(desk: Desk, wanted: given.Probe) -> str:
    """Return a snippet with how to read what it prints, or the list of all. Raises `UsageError`."""
    probes = desk.knowledge.catalog.probes
    if not wanted.name:
        return lines_of(
            "".join(f"{name}: {question.text}\n" for name, (question, _) in probes.items()), detail=wanted.detail
        )
    if wanted.name not in probes:
        raise UsageError(f"no probe {wanted.name!r}{did_you_mean(wanted.name, probes)}; without a name, all are listed")
    _, found = probes[wanted.name]
    snippet = desk.knowledge.renderer.probe(wanted.name, fill(found.parameters, (), wanted.set))
    return lines_of(f"How to read it: {found.reading}\n\n{snippet.text}", detail=wanted.detail)


def catalogue(desk: Desk, wanted: given.Catalogue) -> str:
    """Return the causes by family: all by title, or those of some with their whole tells. Raises `UsageError`."""
    families = list(dict.fromkeys(wanted.families or desk.knowledge.catalog.families))
    if wanted.families:
        return _listed(desk, families, lambda cause: cause.tell)
    for width in WIDTHS:
        text = _listed(desk, families, lambda cause, width=width: shown(cause.title, width))  # type: ignore[misc]
        if len(text.encode()) <= LARGEST:
            break
    return text


def _listed(desk: Desk, families: Sequence[str], say: Callable[[Cause], str]) -> str:
    lines = []
    for family in families:
        for title, causes in listing.select(desk.knowledge.catalog, family).items():
            lines.append(f"{family}/  {title}")
            lines += [f" {stem(cause.id)}: {say(cause)}" for cause in causes]
    return "\n".join(lines) + "\n"

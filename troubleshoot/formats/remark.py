"""A diagnosis beside a server's own output: a few lines in a frame."""

from __future__ import annotations

from collections.abc import Sequence

from troubleshoot import program
from troubleshoot.formats.prose import wrapped
from troubleshoot.formats.words import percent
from troubleshoot.model import Candidate, Catalog


def write(catalog: Catalog, candidate: Candidate) -> str:
    """Return what is known of a cause that has just shown itself, framed, ending in a line end."""
    cause = catalog.causes[candidate.cause]
    reason = max(candidate.reasons, key=lambda item: item.bits)
    lines = [
        *wrapped(f"Likely: {cause.title}", "", "        "),
        f"        {cause.id}, {percent(candidate.probability)}",
        *wrapped(f"Why:    {reason.evidence.what}", "", "        "),
        *wrapped(f"Fix:    {next(iter(cause.fixes.values())).title}", "", "        "),
        f"        {program.name()} explain {cause.id}",
        f"        {program.name()} fix {cause.id} --log …",
    ]
    return "\n".join(["┌─ troubleshoot", *(f"│ {line}" for line in lines), "└─"]) + "\n"


def summary(causes: Sequence[str]) -> str:
    """Return the one line that remains in the end."""
    count = "1 cause" if len(causes) == 1 else f"{len(causes)} causes"
    return f"troubleshoot: {count} named: {', '.join(causes)}\n"

"""Proposed changes of source, as JSON, as a diff, and as what is said beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from troubleshoot.model import Proposal

if TYPE_CHECKING:
    from troubleshoot.investigation.changes import Change

SAFETY = {
    "safe": "safe: what works today works as before",
    "unsafe": "unsafe: it changes more than the mistake, so you must agree to it",
}
CHECKED = {
    "parsed": "the result can be parsed",
    "silent": "the search no longer finds it, and nothing new",
    "proven": "the same change has cured a broken application",
}


def as_json(proposal: Proposal, diff: str) -> dict[str, Any]:
    """Return a proposal, and the diff that shows it, as JSON has it."""
    return {
        "fix": proposal.fix,
        "safety": proposal.safety,
        "diff": diff,
        "withheld": proposal.withheld,
        "verified": list(proposal.verified),
        "remains": list(proposal.remains),
    }


def listed(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return the changes of a diagnosis as JSON has them, each with its place."""
    return [
        {"path": change.proposal.finding.path, "line": change.proposal.finding.line}
        | as_json(change.proposal, change.diff)
        for change in changes
    ]


def remarks(proposal: Proposal) -> list[str]:
    """Return what is said beside a diff: how safe it is, what was checked, and what is left to do."""
    checked = "; ".join(CHECKED[name] for name in proposal.verified)
    return [f"This change is {SAFETY[proposal.safety]}.", f"Checked: {checked}.", *proposal.remains]

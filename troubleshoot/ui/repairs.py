"""What the wizard does with a fix: change the user's source, or write an example to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troubleshoot.catalog.content import Content
from troubleshoot.errors import OutputError
from troubleshoot.investigation.session import Session
from troubleshoot.ui.asker import Asker, fitted
from troubleshoot.ui.files import write_snippet

if TYPE_CHECKING:
    from troubleshoot.investigation.changes import Change


def place_of(change: Change) -> str:
    """Return where a change is made, as `path:line`."""
    finding = change.proposal.finding
    return f"{finding.path}:{finding.line}"


def make_change(asker: Asker, change: Change) -> None:
    """Make a change, and say what is left to be done."""
    try:
        change.apply()
    except OutputError as error:
        asker.say(fitted(str(error)))
        return
    asker.say(f"Changed {', '.join(sorted(change.proposal.changes))}.")
    for left in change.proposal.remains:
        asker.say(fitted(f"Left for you to do: {left}"))


def write_fix(asker: Asker, session: Session, content: Content, cause: str) -> None:
    """Write the first fix of `cause` to a file of the user's choice."""
    from troubleshoot.fixes.rendering import Renderer

    definition = session.catalog.causes[cause]
    renderer = Renderer(content, session.catalog)
    snippet = renderer.tailored(definition, next(iter(definition.fixes)), session.evidence).snippet
    if path := write_snippet(asker, snippet):
        asker.say(f"Wrote {path}.")

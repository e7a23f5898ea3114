"""What the wizard does with a fix: change the user's source, or write an example to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.catalog.content import Content
from troubleshoot.errors import OutputError, TroubleshootError
from troubleshoot.formats.page import CHANGES_SHOWN
from troubleshoot.investigation.session import Session
from troubleshoot.ui.asker import Asker, fitted

if TYPE_CHECKING:
    from troubleshoot.investigation.answer import Answer


def offer_changes(asker: Asker, result: Answer) -> None:
    """Ask for each change of the source that is shown whether to make it."""
    for change in result.ranked[0].changes[:CHANGES_SHOWN] if result.ranked else ():
        finding = change.proposal.finding
        text = f"Apply the change to {finding.path}:{finding.line}?"
        if asker.choose(text, {"no": "No, leave it as it is", "yes": "Yes"}, {}) != "yes":
            continue
        try:
            change.apply()
        except OutputError as error:
            asker.say(str(error))
        else:
            asker.say(f"Changed {', '.join(sorted(change.proposal.changes))}.")
            for left in change.proposal.remains:
                asker.say(fitted(f"Left for you to do: {left}"))


def write_fix(asker: Asker, session: Session, content: Content, cause: str) -> None:
    """Write the first fix of `cause` to a file of the user's choice."""
    from troubleshoot.fixes.parameters import fill
    from troubleshoot.fixes.rendering import Renderer
    from troubleshoot.output import write_file

    definition = session.catalog.causes[cause]
    name, fix = next(iter(definition.fixes.items()))
    snippet = Renderer(content, session.catalog).fix(definition, name, fill(fix.parameters, session.evidence))
    path = Path(asker.write("Write it to:", snippet.file_name))
    try:
        write_file(path, snippet.text, force=False)
    except TroubleshootError as error:
        asker.say(str(error))
    else:
        asker.say(f"Wrote {path}.")

"""Files that the wizard writes."""

from __future__ import annotations

from pathlib import Path

from troubleshoot.errors import TroubleshootError
from troubleshoot.fixes.rendering import Snippet
from troubleshoot.ui.asker import Asker, fitted


def write_snippet(asker: Asker, snippet: Snippet) -> Path | None:
    """Write a snippet to a file of the user's choice and return it; None if it cannot be, for a reason that is said."""
    from troubleshoot.output import write_file

    path = Path(asker.write("Write it to:", snippet.file_name))
    try:
        write_file(path, snippet.text, force=False)
    except TroubleshootError as error:
        asker.say(fitted(str(error)))
        return None
    return path

"""Changes of source as a terminal shows them."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from troubleshoot.redaction import plain
from troubleshoot.ui.page import console

STYLES = {"+++": "bold", "---": "bold", "@@": "cyan", "+": "green", "-": "red"}


def show_diff(diff: str, to: Console | None = None) -> None:
    """Print a unified diff, never wrapped."""
    out = to or console()
    for line in diff.splitlines():
        style = next((STYLES[start] for start in STYLES if line.startswith(start)), "")
        out.print(Text(plain(line), style=style), soft_wrap=True)

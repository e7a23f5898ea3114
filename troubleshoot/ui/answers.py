"""An answer on standard output: drawn on a terminal that can draw, as plain text elsewhere."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from troubleshoot.ui import draws

if TYPE_CHECKING:
    from troubleshoot.investigation.answer import Answer

FEWEST_ROWS = 4


def show(answer: Answer, *, plain: bool = False) -> None:
    """Show the whole answer; `plain` refuses drawing and colour."""
    if draws(sys.stdout) and not plain:
        from troubleshoot.ui.page import show_answer

        show_answer(answer)
    else:
        from troubleshoot.formats import text

        sys.stdout.write(text.write(answer))
    sys.stdout.flush()


def show_short(answer: Answer, below: int, *, plain: bool = False) -> None:
    """Show what comes first of the answer, so that so many rows of the screen are left for what stands below it."""
    rows = max(FEWEST_ROWS, shutil.get_terminal_size().lines - below)
    if draws(sys.stdout) and not plain:
        from troubleshoot.ui import page

        page.show_short(answer, rows)
    else:
        from troubleshoot.formats import text

        sys.stdout.write(text.write_short(answer, rows))
    sys.stdout.flush()

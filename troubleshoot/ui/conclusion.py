"""What can be done with an answer: try it, copy it, write it, make the change, or go on."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.catalog.content import Content
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.investigation.answer import Answer, RankedCause, answer
from troubleshoot.investigation.own_line import OwnLine
from troubleshoot.investigation.session import Session
from troubleshoot.ui.answers import show, show_short
from troubleshoot.ui.asker import BACK, MARGIN, Asker, fitted
from troubleshoot.ui.clipboard import copy
from troubleshoot.ui.editor import located, open_at
from troubleshoot.ui.repairs import make_change, place_of, write_fix

if TYPE_CHECKING:
    from troubleshoot.investigation.changes import Change

TOP = 5
LATER, HELPED, ELSE, WORDS, LOOK, AGAIN, QUIT = "later", "yes", "no", "words", "look", ":restart", ":quit"
APPLY, COPY, MORE, OPEN, WRITE = ":apply", ":copy", ":more", ":open", ":write"
FRAME = 2
"""Rows around the choices below a page: the question, and what says that there is more."""
LEAST_PAGE, LEAST_CHOICES = 8, 4
"""Rows of the terminal that the page, and the choices below it, have at least."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The answer as it stands, and what a person does with it."""

    asker: Asker
    session: Session
    content: Content
    place: Path | None

    def answer(self) -> Answer:
        """Return the answer as it stands."""
        return answer(self.session, Renderer(self.content, self.session.catalog), TOP, self.place)

    def show(self, result: Answer) -> None:
        """Show the whole answer on standard output."""
        show(result, plain=not self.asker.is_drawn)

    def put(self, *, is_back: bool) -> str:
        """Show the answer and return what is to become of it; `is_back` if somebody has had time to try it."""
        result = self.answer()
        is_named = result.status == "diagnosed"
        options = self._outcomes() if is_named else self._ways_on(result)
        text = "Did it help?" if is_named and is_back else "What now?"
        changes = list(result.ranked[0].changes) if is_named else []
        actions = self._actions(result.ranked[0], changes) if is_named else {MORE: "Show all of it", QUIT: "Stop here"}
        screen = shutil.get_terminal_size().lines
        below = min(_height(options) + _height(actions) + 1 + FRAME, screen - LEAST_PAGE)
        show_short(result, below, plain=not self.asker.is_drawn)
        while True:
            chosen = self.asker.choose(text, options, actions, rows=max(LEAST_CHOICES, below - FRAME))
            if chosen == MORE:
                self.show(result)
            elif chosen == WRITE:
                write_fix(self.asker, self.session, self.content, result.ranked[0].cause.id)
            elif chosen == APPLY:
                make_change(self.asker, changes.pop(0))
            elif chosen == COPY:
                self._copy(changes[0].diff if changes else result.ranked[0].fixes[0].snippet.text)
            elif chosen == OPEN:
                self._open(result.ranked[0].line)
            else:
                return chosen
            actions = self._actions(result.ranked[0], changes) if is_named else actions

    def _outcomes(self) -> Mapping[str, str]:
        return {
            LATER: "I try it and come back; keep my answers",
            HELPED: "It helped",
            ELSE: "No, it is something else",
        }

    def _actions(self, named: RankedCause, changes: Sequence[Change]) -> Mapping[str, str]:
        apply = {APPLY: f"Make the change in {place_of(changes[0])}"} if changes else {}
        line = named.line
        open_ = {OPEN: f"Open {line.path}:{line.line} in your editor"} if line and self._file_of(line) else {}
        back = {BACK: "Back to the last question"} if self.session.steps else {}
        return {
            MORE: "Show all of it",
            **apply,
            COPY: f"Copy the {'change' if changes else 'fix'}",
            **open_,
            WRITE: "Write the fix to a file",
            **back,
            AGAIN: "Start over",
            QUIT: "Stop here",
        }

    def _ways_on(self, result: Answer) -> Mapping[str, str]:
        named = result.ranked[: result.named] if result.status == "likely" else ()
        return {
            **{item.cause.id: f"It is this: {item.cause.title}" for item in named},
            LOOK: "Look at more: my source, a log, the application, the running server",
            WORDS: "Describe it in other words",
            AGAIN: "Start over",
        }

    def _file_of(self, line: OwnLine) -> Path | None:
        return located(line.path, self.place or Path.cwd())

    def _copy(self, text: str) -> None:
        sent = copy(text, sys.stderr)
        self.asker.say("Copied, if your terminal allows it." if sent else "This terminal takes nothing to copy.")

    def _open(self, line: OwnLine | None) -> None:
        path = self._file_of(line) if line else None
        if line and path and (wrong := open_at(path, line.line)):
            self.asker.say(fitted(wrong))


def _height(labels: Mapping[str, str]) -> int:
    """Return how many rows choices take."""
    return sum(fitted(label, MARGIN).count("\n") + 1 for label in labels.values())

"""What can be done with an answer: try it, copy it, write it, make the change, or go on."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from troubleshoot.catalog.content import Content
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.investigation.answer import Answer, answer
from troubleshoot.investigation.session import Session
from troubleshoot.ui import draws
from troubleshoot.ui.asker import BACK, Asker
from troubleshoot.ui.repairs import offer_changes, write_fix

TOP = 5
LATER, HELPED, ELSE, WORDS, LOOK, AGAIN, QUIT = "later", "yes", "no", "words", "look", ":restart", ":quit"
WRITE = ":write"


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The answer as it stands, and what a person does with it."""

    asker: Asker
    session: Session
    content: Content
    place: Path | None

    def show(self) -> Answer:
        """Show the answer on standard output, and return it."""
        result = answer(self.session, Renderer(self.content, self.session.catalog), TOP, self.place)
        if self.asker.is_drawn and draws(sys.stdout):
            from troubleshoot.ui.page import show_answer

            show_answer(result)
        else:
            from troubleshoot.formats import text

            sys.stdout.write(text.write(result))
        sys.stdout.flush()
        return result

    def put(self, *, is_back: bool) -> str:
        """Show the answer and return what is to become of it; `is_back` if somebody has had time to try it."""
        result = self.show()
        if result.status != "diagnosed":
            return self.asker.choose("What now?", self._ways_on(result), {QUIT: "Stop here"})
        offer_changes(self.asker, result)
        text = "Did it help?" if is_back else "What now?"
        while True:
            chosen = self.asker.choose(text, self._outcomes(), self._actions())
            if chosen != WRITE:
                return chosen
            write_fix(self.asker, self.session, self.content, result.ranked[0].cause.id)

    def _outcomes(self) -> Mapping[str, str]:
        return {
            LATER: "I try it and come back; keep my answers",
            HELPED: "It helped",
            ELSE: "No, it is something else",
        }

    def _actions(self) -> Mapping[str, str]:
        back = {BACK: "Back to the last question"} if self.session.steps else {}
        return {WRITE: "Write the fix to a file", **back, AGAIN: "Start over", QUIT: "Stop here"}

    def _ways_on(self, result: Answer) -> Mapping[str, str]:
        named = result.ranked[: result.named] if result.status == "likely" else ()
        return {
            **{item.cause.id: f"It is this: {item.cause.title}" for item in named},
            LOOK: "Look at more: my source, a log, the application, the running server",
            WORDS: "Describe it in other words",
            AGAIN: "Start over",
        }

"""What the wizard offers when questions lead nowhere: what finds out by itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from troubleshoot import program
from troubleshoot.catalog.content import Content
from troubleshoot.errors import TroubleshootError
from troubleshoot.inspection.interpreter import interpreter_for
from troubleshoot.inspection.target import Target
from troubleshoot.investigation.intake import Intake, examine
from troubleshoot.investigation.session import Session
from troubleshoot.ui.asker import Asker, fitted
from troubleshoot.ui.progress import shown

UNKNOWN_IN_A_ROW = 3
"""After so many answers "I don't know" it is time for something else."""
QUESTIONS_IN_A_ROW = 10
ON = "on"
OFFERS = {
    "source": "Look at my source; nothing of it is run",
    "log": "Read a log or a traceback from a file",
    "app": "Import my application and look at what FastAPI has built",
    ON: "Go on with questions",
}


def is_due(session: Session) -> bool:
    """Return whether the answers so far lead nowhere."""
    unknown = len(list(takewhile(lambda step: not step.option, reversed(session.steps))))
    count = len(session.steps)
    return count > 0 and ((unknown > 0 and unknown % UNKNOWN_IN_A_ROW == 0) or count % QUESTIONS_IN_A_ROW == 0)


def offer(asker: Asker, session: Session, content: Content, stop: str) -> tuple[str, Path | None]:
    """Offer what finds out by itself until something new is known; return what was chosen, and the source if named."""
    text = "That is hard to say from here. What may I look at?"
    while True:
        chosen = asker.choose(text, OFFERS, {stop: "Stop here"})
        if chosen in (ON, stop):
            return chosen, None
        before = len(session.evidence)
        intake = _intake(asker, chosen)
        try:
            examine(intake, session, content, shown())
        except TroubleshootError as error:
            asker.say(str(error))
            continue
        if len(session.evidence) > before:
            return chosen, intake.source
        asker.say(fitted(f"Nothing in that points at a cause. `{program.name()} run -- COMMAND` watches your server."))


def _intake(asker: Asker, chosen: str) -> Intake:
    match chosen:
        case "source":
            return Intake(source=Path(asker.write("The folder of your source:", ".")))
        case "log":
            return Intake(logs=[asker.write("The log file:", "app.log")])
        case _:
            return Intake(
                app=_target(asker.write("The application, as MODULE:APP (. for the one of this folder):", "."))
            )


def _target(text: str) -> Target:
    target = Target.of(text)
    return replace(target, interpreter=interpreter_for(target.app_dir))

"""What the wizard offers when questions lead nowhere: what finds out by itself."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from troubleshoot.catalog.content import Content
from troubleshoot.errors import TroubleshootError
from troubleshoot.inspection.interpreter import interpreter_for
from troubleshoot.inspection.target import Target
from troubleshoot.investigation.examination import examine, examine_complaint
from troubleshoot.investigation.intake import Intake
from troubleshoot.investigation.session import Session
from troubleshoot.ui.asker import Asker, fitted
from troubleshoot.ui.probes import probe_for, write_probe
from troubleshoot.ui.progress import shown

UNKNOWN_IN_A_ROW = 3
"""After so many answers "I don't know" it is time for something else."""
QUESTIONS_IN_A_ROW = 10
ON = "on"
PROBE = "probe"
OFFERS: Mapping[str, str] = {
    "source": "Look at my source; nothing of it is run",
    "log": "Read a log or a traceback from a file",
    "app": "Import my application and look at what FastAPI has built",
    "run": "Start my server and watch it, until I stop it with Ctrl-C",
    PROBE: "Write a snippet to a file that finds it out, and come back with what it prints",
    ON: "Go on with questions",
}


def is_due(session: Session) -> bool:
    """Return whether the answers so far lead nowhere."""
    unknown = len(list(takewhile(lambda step: not step.option, reversed(session.steps))))
    count = len(session.steps)
    return count > 0 and ((unknown > 0 and unknown % UNKNOWN_IN_A_ROW == 0) or count % QUESTIONS_IN_A_ROW == 0)


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered to one person in one dialogue."""

    asker: Asker
    session: Session
    content: Content

    def make(self, stop: str, place: Path | None) -> tuple[str, Path | None]:
        """Offer until something new is known; return what was chosen, and the source if it was named."""
        text = "That is hard to say from here. What may I look at?"
        while True:
            chosen = self.asker.choose(text, self._options(place), {stop: "Stop here"})
            if chosen in (ON, stop):
                return chosen, None
            before = len(self.session.evidence)
            try:
                named = self._do[chosen]()
            except TroubleshootError as error:
                self.asker.say(fitted(str(error)))
                continue
            if len(self.session.evidence) > before:
                return chosen, named
            self.asker.say("Nothing in that points at a cause.")

    def _options(self, place: Path | None) -> Mapping[str, str]:
        fits = {"source": place is None, PROBE: probe_for(self.session) is not None}
        return {name: text for name, text in OFFERS.items() if fits.get(name, True)}

    @property
    def _do(self) -> Mapping[str, Callable[[], Path | None]]:
        return {"source": self._source, "log": self._log, "app": self._app, "run": self._run, PROBE: self._probe}

    def _source(self) -> Path | None:
        place = Path(self.asker.write("The folder of your source:", "."))
        self._examine(Intake(source=place))
        return place

    def _log(self) -> None:
        self._examine(Intake(logs=[self.asker.write("The log file:", "app.log")]))

    def _app(self) -> None:
        target = Target.of(self.asker.write("The application, as MODULE:APP (. for the one of this folder):", "."))
        self._examine(Intake(app=replace(target, interpreter=interpreter_for(target.app_dir))))

    def _run(self) -> None:
        text = self.asker.write("The command that starts your server:", "uvicorn app.main:app", _unsplittable)
        with tempfile.TemporaryDirectory() as folder:
            found = Path(folder, "found.json")
            _watch(shlex.split(text), found)
            if found.exists():
                from troubleshoot.investigation.kept import take_up

                self.session.observed += take_up(self.session.catalog, found).observed

    def _probe(self) -> None:
        probe = probe_for(self.session)
        if probe is None:
            return
        write_probe(self.asker, self.session, self.content, probe)
        text = self.asker.describe("Paste what it printed (nothing, to come back later):")
        if text.strip():
            examine_complaint(text, self.session, self.content)

    def _examine(self, intake: Intake) -> None:
        examine(intake, self.session, self.content, shown())


def _unsplittable(text: str) -> str:
    try:
        return "" if shlex.split(text) else "expected a command"
    except ValueError as error:
        return f"that is no command: {error}"


def _watch(command: list[str], found: Path) -> None:
    """Run a server under observation in a process of its own, which Ctrl-C ends, and not us."""
    watched = [sys.executable, "-m", "troubleshoot", "run", "--watch-loop", "--save", str(found), "--", *command]
    former = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        subprocess.run(watched, check=False)
    finally:
        signal.signal(signal.SIGINT, former)

"""The dialogue in the terminal: ask, show where it leads, name the cause, and ask whether the fix helped."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot import program
from troubleshoot.catalog.content import Content
from troubleshoot.engine.dialogue import describe, describe_tells
from troubleshoot.errors import ExitCode, OutputError
from troubleshoot.investigation.intake import Intake, examine, examine_complaint, examine_source
from troubleshoot.investigation.kept import keep, keep_anew, take_up
from troubleshoot.investigation.session import Session
from troubleshoot.model import SYMPTOM_QUESTION, TELL_QUESTION, Ask, Catalog
from troubleshoot.ui import draws
from troubleshoot.ui.answers import show
from troubleshoot.ui.asker import Asker, fitted, new_asker
from troubleshoot.ui.offers import is_due, offer
from troubleshoot.ui.progress import shown, status
from troubleshoot.ui.repairs import offer_changes, write_fix

if TYPE_CHECKING:
    from troubleshoot.investigation.answer import Answer

UNKNOWN, WHY, BACK, AGAIN, QUIT = ":unknown", ":why", ":back", ":restart", ":quit"
ACTIONS: Mapping[str, str] = {
    UNKNOWN: "I don't know",
    WHY: "Why do you ask?",
    BACK: "Back",
    AGAIN: "Start over",
    QUIT: "Stop here",
}
TOP = 4
LEADERS = 3
WORTH_SHOWING = 0.1
FEWEST_TO_GROUP = 15


def run_wizard(
    catalog: Catalog, content: Content, intake: Intake, *, plain: bool, save: Path | None, resume: Path | None
) -> int:
    """Lead a user from whatever was handed over to a diagnosis, and return the exit code.

    Raises `TroubleshootError` for input that cannot be used, and when there is no terminal.
    """
    asker = new_asker(plain=plain)
    if save is not None and save.exists() and save != resume:
        raise OutputError(f"--save {save}: exists already; choose another name, or go on with --resume {save}")
    session = take_up(catalog, resume) if resume else Session(catalog)
    examine(intake, session, content, shown())
    wizard = Wizard(asker, session, content, intake.source)
    try:
        if intake.source is None and resume is None:
            wizard.offer_source()
        code = wizard.run()
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    if save is not None or code == ExitCode.INTERRUPTED:
        # Who starts over has another session; what was kept of the former stays.
        wizard.keep(save or (None if wizard.has_restarted else resume), resume)
    return code


@dataclass(slots=True)
class Wizard:
    """One dialogue."""

    asker: Asker
    session: Session
    content: Content
    place: Path | None = None
    has_restarted: bool = False

    def run(self) -> int:
        """Go on until a fix has helped, or the user has had enough."""
        self.open()
        while True:
            diagnosis = self.session.diagnosis()
            ask = None if diagnosis.status == "diagnosed" else self.session.next_question()
            if ask is None:
                code = self.conclude()
                if code is not None:
                    return code
                continue
            self.show_leaders()
            if self.put(ask) == QUIT or self.look_elsewhere() == QUIT:
                self.show_answer()
                return ExitCode.NO_CAUSE

    def look_elsewhere(self) -> str:
        """Where the answers lead nowhere, offer what finds out by itself; return what was chosen, if anything."""
        if not is_due(self.session) or self.session.diagnosis().status == "diagnosed":
            return ""
        chosen, place = offer(self.asker, self.session, self.content, QUIT)
        self.place = place or self.place
        return chosen

    def keep(self, path: Path | None, resumed: Path | None) -> None:
        """Keep the session in `path`, or in a file of its own; never in place of another than the one `resumed`."""
        has_answers = self.session.steps or self.session.outcomes
        is_over_another = path is None or path.exists()
        if is_over_another and (self.session.is_empty or (self.has_restarted and not has_answers)):
            self.asker.say("Nothing has been answered, so nothing is kept.")
            return
        try:
            target = keep(self.session, path, force=path == resumed) if path else keep_anew(self.session)
        except (OutputError, OSError) as error:
            self.asker.say(f"Your answers could not be kept: {error}")
            if path is not None:
                self.keep(None, resumed)
        else:
            self.asker.say(f"Your answers are kept. Go on with: {program.name()} --resume {target}")

    def restart(self) -> None:
        """Forget the answers, but not what is kept of them."""
        self.session.restart()
        self.has_restarted = True

    def offer_source(self) -> None:
        """Propose to look at the source, in a folder that has a FastAPI project."""
        from troubleshoot.sources.code import looks_like_a_project

        here = Path.cwd()
        if looks_like_a_project(here):
            text = f"{here.name} looks like a FastAPI project. Shall I look at its source? Nothing of it is run."
            if self.asker.choose(text, {"yes": "Yes", "no": "No"}, {}) == "yes":
                examine_source(here, self.session, self.content, status)
                self.place = here

    def open(self) -> None:
        """Say what the source shows, and ask what is wrong, unless that is known already."""
        for item in self.session.skipped:
            self.asker.say(f"Not examined: {item.location or item.source}: {item.why}")
        found = [item for item in self.session.observed if item.kind == "finding"]
        if found:
            causes = f"{len(found)} possible cause{'s' if len(found) != 1 else ''}"
            self.asker.say(f"The source shows {causes}; what you see decides.")
        observed = [item for item in self.session.evidence if item.kind not in ("finding", "clean", "version")]
        if observed or self.session.steps:
            known = len({(item.kind, item.subject) for item in observed})
            self.asker.say(f"Going by {known} observation{'s' if known != 1 else ''} so far.")
            return
        self.asker.say(fitted("Let us find out what is wrong. Ctrl-C stops and keeps your answers."))
        text = self.asker.write("What do you see? Describe it or paste the error (Enter for a list):")
        before = len(self.session.evidence)
        if text.strip():
            examine_complaint(text, self.session, self.content)
            if len(self.session.evidence) == before:
                self.asker.say("Nothing in that sounds familiar; let us go through it step by step.")

    def put(self, ask: Ask, at: int | None = None) -> str:
        """Ask until the question is answered or passed over, and return what was chosen last."""
        default = self.session.steps[at].option if at is not None else ""
        probed = False
        while True:
            chosen = self.choose(ask, default)
            if chosen == WHY:
                self.asker.say(fitted(ask.why))
            elif chosen == UNKNOWN and not probed and self.show_probe(ask):
                probed = True
            elif chosen == BACK:
                earlier = (len(self.session.steps) if at is None else at) - 1
                if earlier >= 0:
                    return self.put(self.ask_of(earlier), earlier)
                self.asker.say("This is the first question.")
            elif chosen == AGAIN:
                self.restart()
                return AGAIN
            elif chosen == QUIT:
                return QUIT
            else:
                self.session.tell(ask, "" if chosen == UNKNOWN else chosen, at)
                return chosen

    def choose(self, ask: Ask, default: str) -> str:
        """Return the option or action chosen; a long list of symptoms is shown group by group."""
        if ask.question != SYMPTOM_QUESTION or len(ask.options) < FEWEST_TO_GROUP:
            return self.asker.choose(ask.text, ask.options, ACTIONS, default)
        symptoms = self.session.catalog.symptoms
        groups = dict.fromkeys(symptoms[symptom].group for symptom in ask.options)
        while True:
            group = self.asker.choose(ask.text, {name: name for name in groups}, ACTIONS)
            if group.startswith(":"):
                return group
            inside = {option: text for option, text in ask.options.items() if symptoms[option].group == group}
            chosen = self.asker.choose(f"{group}: which is nearest?", inside, ACTIONS, default)
            if chosen != BACK:
                return chosen

    def ask_of(self, index: int) -> Ask:
        """Return the question of an earlier step as it was asked."""
        step = self.session.steps[index]
        if step.question == TELL_QUESTION:
            return describe_tells(self.session.catalog, step.shown)
        return describe(self.session.catalog, step.question)

    def show_probe(self, ask: Ask) -> bool:
        """Show the snippet that finds the answer out; return whether there is one."""
        question = self.session.catalog.questions.get(ask.question)
        if question is None or question.probe is None:
            return False
        from troubleshoot.fixes.parameters import fill
        from troubleshoot.fixes.rendering import Renderer

        probe = question.probe
        values = fill(probe.parameters, self.session.evidence)
        snippet = Renderer(self.content, self.session.catalog).probe(probe.template, values)
        self.asker.say("This finds it out:")
        if draws(sys.stderr):
            from troubleshoot.ui.page import console, show_snippet

            show_snippet(snippet, console(error=True))
        else:
            self.asker.say(snippet.text)
        self.asker.say(fitted(f"How to read it: {probe.reading}"))
        return True

    def show_leaders(self) -> None:
        """Show where it leads so far, once it leads anywhere."""
        candidates = self.session.diagnosis().candidates[:LEADERS]
        leaders = [item for item in candidates if item.probability >= WORTH_SHOWING]
        if leaders:
            self.asker.say("\nSo far:")
        for item in leaders:
            title = self.session.catalog.causes[item.cause].title
            self.asker.say(f"{item.probability:5.0%}  {fitted(title, 7)}")

    def conclude(self) -> int | None:
        """Show the answer and ask what became of it; return the exit code, or None to go on."""
        offer_changes(self.asker, self.show_answer())
        candidates = self.session.diagnosis().candidates
        if not candidates:
            return self.give_up()
        cause = candidates[0].cause
        while True:
            chosen = self.asker.choose(
                "Did it help?",
                {"yes": "Yes", "no": "No, it is something else"},
                {":write": "Write the fix to a file", BACK: "Back to the last question", QUIT: "Stop here"},
            )
            match chosen:
                case "yes" | "no":
                    self.session.outcomes[cause] = chosen
                    return ExitCode.NAMED if chosen == "yes" else None
                case ":write":
                    write_fix(self.asker, self.session, self.content, cause)
                case ":back" if self.session.steps:
                    last = len(self.session.steps) - 1
                    return None if self.put(self.ask_of(last), last) != QUIT else ExitCode.NO_CAUSE
                case ":back":
                    self.asker.say("No question has been asked yet.")
                case _:
                    diagnosed = self.session.diagnosis().status == "diagnosed"
                    return ExitCode.NAMED if diagnosed else ExitCode.NO_CAUSE

    def give_up(self) -> int | None:
        """Say honestly that the cause is not known; return the exit code, or None to go on."""
        chosen = self.asker.choose(
            "What now?",
            {"words": "Describe it in other words", "restart": "Start over"},
            {QUIT: "Stop here"},
        )
        if chosen == "words":
            text = self.asker.write("What do you see?")
            examine_complaint(text, self.session, self.content)
            return None
        if chosen == "restart":
            self.restart()
            self.session.observed.clear()
            self.open()
            return None
        return ExitCode.NO_CAUSE

    def show_answer(self) -> Answer:
        """Show the answer as it stands on standard output, and return it."""
        from troubleshoot.fixes.rendering import Renderer
        from troubleshoot.investigation.answer import answer

        result = answer(self.session, Renderer(self.content, self.session.catalog), TOP, self.place)
        show(result)
        return result

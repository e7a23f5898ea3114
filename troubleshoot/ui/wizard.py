"""The dialogue in the terminal: ask, show where it leads, name the cause, and ask whether the fix helped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from troubleshoot import program
from troubleshoot.catalog.content import Content
from troubleshoot.engine.dialogue import describe as described
from troubleshoot.engine.dialogue import describe_tells
from troubleshoot.errors import ExitCode, OutputError
from troubleshoot.investigation.examination import examine, examine_source
from troubleshoot.investigation.intake import Intake
from troubleshoot.investigation.kept import keep, keep_anew, take_up
from troubleshoot.investigation.session import Session
from troubleshoot.model import SYMPTOM_QUESTION, TELL_QUESTION, Ask, Catalog
from troubleshoot.ui.asker import BACK, WHY, Asker, Told, agrees, ask_what, fitted
from troubleshoot.ui.conclusion import AGAIN, ELSE, HELPED, LATER, LOOK, QUIT, WORDS, Conclusion
from troubleshoot.ui.offers import Offers, is_due
from troubleshoot.ui.opening import UNFAMILIAR, may_be_a_project, put_taken, seen, show_known, take
from troubleshoot.ui.probes import show_probe
from troubleshoot.ui.progress import shown, status

UNKNOWN = ":unknown"
ACTIONS: Mapping[str, str] = {
    UNKNOWN: "I don't know",
    WHY: "Why do you ask?",
    BACK: "Back",
    AGAIN: "Start over",
    QUIT: "Stop here",
}
LEADERS = 3
WORTH_SHOWING = 0.1
FEWEST_TO_GROUP = 15


def lead(
    asker: Asker,
    content: Content,
    catalog: Catalog,
    intake: Intake,
    *,
    save: Path | None,
    resume: Path | None,
    has_described: bool,
) -> int:
    """Lead a user from whatever was handed over to a diagnosis, and return the exit code.

    Raises `TroubleshootError` for input that cannot be used.
    """
    session = take_up(catalog, resume) if resume else Session(catalog)
    wizard = Wizard(asker, session, content, intake.source, is_back=resume is not None, has_described=has_described)
    try:
        examine(intake, session, content, shown())
        code = wizard.run()
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    if wizard.is_worth_keeping or save is not None or resume is not None or code == ExitCode.INTERRUPTED:
        # Who starts over has another session; what was kept of the former stays.
        wizard.keep(save or (None if wizard.has_restarted else resume), resume)
    return code


@dataclass(slots=True)
class Wizard:
    """One dialogue.

    `is_back` says that somebody goes on with what was kept, and has had time to try a fix.
    """

    asker: Asker
    session: Session
    content: Content
    place: Path | None = None
    is_back: bool = False
    has_described: bool = False
    has_begun: bool = False
    has_offered_source: bool = False
    has_restarted: bool = False
    is_worth_keeping: bool = False

    def run(self) -> int:
        """Go on until a fix has helped, or the user has had enough."""
        while True:
            try:
                code = self.go_on()
            except Told as told:
                take(self.asker, self.session, self.content, told.text)
                self.has_begun = True
                continue
            if code is not None:
                return code

    def go_on(self) -> int | None:
        """Do what comes next; return the exit code at the end."""
        if not self.has_begun:
            self.begin()
        if not self.has_offered_source:
            self.offer_source()
        ask = None if self.session.diagnosis().status == "diagnosed" else self.session.next_question()
        if ask is None:
            return self.conclude()
        self.show_leaders()
        left = put_taken(self.asker, self.session, ask)
        if left is None:
            return None
        if self.put(left) == QUIT or self.look_elsewhere() == QUIT:
            self.conclusion.show(self.conclusion.answer())
            return ExitCode.NO_CAUSE
        return None

    @property
    def conclusion(self) -> Conclusion:
        """The answer as it stands."""
        return Conclusion(self.asker, self.session, self.content, self.place)

    def begin(self) -> None:
        """Say what is known already, or ask what is wrong."""
        self.has_begun = True
        show_known(self.asker, self.session)
        if any(item.kind not in ("clean", "version") for item in self.session.evidence):
            return
        if not self.has_described:
            take(self.asker, self.session, self.content, ask_what(self.asker))
        elif "complaint" in self.session.given:
            self.asker.say(UNFAMILIAR)

    def offer_source(self) -> None:
        """Propose to look at the source, in a folder that looks like a project."""
        self.has_offered_source = True
        here = Path.cwd()
        if self.place is not None or self.is_back or not may_be_a_project(here):
            return
        text = f"May I look at the source in {here.name}? Nothing of it is run."
        if agrees(self.asker, text):
            before = seen(self.session)
            examine_source(here, self.session, self.content, status)
            self.place = here
            show_known(self.asker, self.session, before)

    def look_elsewhere(self) -> str:
        """Where the answers lead nowhere, offer what finds out by itself; return what was chosen, if anything."""
        if not is_due(self.session) or self.session.diagnosis().status == "diagnosed":
            return ""
        return self.offer()

    def offer(self) -> str:
        """Offer what finds out by itself, and return what was chosen."""
        chosen, place = Offers(self.asker, self.session, self.content).make(QUIT, self.place)
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
            target = keep(self.session, path, force=path == resumed) if path else keep_anew(self.session, Path.cwd())
        except (OutputError, OSError) as error:
            self.asker.say(f"Your answers could not be kept: {error}")
            if path is not None:
                self.keep(None, resumed)
        else:
            how = f"--resume {target}" if path else "resume"
            self.asker.say(f"Your answers are kept. Go on with: {program.name()} {how}")

    def restart(self) -> None:
        """Forget the answers, but not what is kept of them."""
        self.session.restart()
        self.has_restarted = True

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
        return described(self.session.catalog, step.question)

    def show_probe(self, ask: Ask) -> bool:
        """Show the snippet that finds the answer out; return whether there is one."""
        question = self.session.catalog.questions.get(ask.question)
        if question is None or question.probe is None:
            return False
        show_probe(self.asker, self.session, self.content, question.probe)
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
        """Show the answer and do what the user wants with it; return the exit code, or None to go on."""
        diagnosis = self.session.diagnosis()
        is_named = diagnosis.status == "diagnosed"
        chosen = self.conclusion.put(is_back=self.is_back)
        if chosen in (HELPED, ELSE) and is_named:
            self.session.outcomes[diagnosis.candidates[0].cause] = chosen
            return ExitCode.NAMED if chosen == HELPED else None
        if chosen in (LATER, QUIT):
            self.is_worth_keeping = chosen == LATER
            return ExitCode.NAMED if is_named else ExitCode.NO_CAUSE
        if chosen == BACK:
            last = len(self.session.steps) - 1
            return None if self.put(self.ask_of(last), last) != QUIT else ExitCode.NO_CAUSE
        if chosen == AGAIN:
            self.restart()
            self.session.observed.clear()
            self.has_begun = self.has_described = False
        elif chosen == WORDS:
            take(self.asker, self.session, self.content, ask_what(self.asker))
        elif chosen == LOOK:
            return None if self.offer() != QUIT else ExitCode.NO_CAUSE
        else:
            self.session.recognise(chosen, [item.cause for item in diagnosis.candidates[: diagnosis.named]])
        return None

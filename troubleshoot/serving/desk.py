"""What the tools about a case share: the knowledge, loaded once, and the cases that can still be asked about."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from troubleshoot.api import Knowledge
from troubleshoot.errors import UsageError
from troubleshoot.inspection.interpreter import interpreter_for
from troubleshoot.inspection.target import Target
from troubleshoot.investigation.answer import answer
from troubleshoot.investigation.examination import examine
from troubleshoot.investigation.intake import TOP, Intake, Progress
from troubleshoot.investigation.session import Session
from troubleshoot.model import TELL_QUESTION, Ask
from troubleshoot.serving import arguments as given
from troubleshoot.serving.replies import case_of
from troubleshoot.serving.roots import Roots
from troubleshoot.sources.readings import ReadingSource

MOST_CASES = 32
LEADERS = 6


class StoppedError(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls: the folders that are open to them, and whether they still wait."""

    roots: Roots
    gone: threading.Event

    def doing(self, _what: object = None) -> None:
        """Go on, if somebody waits. Raises `StoppedError`."""
        if self.gone.is_set():
            raise StoppedError

    def progress(self) -> Progress:
        """Return what is told how far the work has come, and ends it if nobody waits."""
        return Progress(reading=lambda _name, _size: self.doing, importing=self._importing, doing=self.doing)

    def _importing(self, _name: str) -> Callable[[float | None], None]:
        # The last word, None, comes when the child is gone already.
        return lambda seconds: None if seconds is None else self.doing()


@dataclass(slots=True)
class Case:
    """A session that can be asked about again, one call at a time."""

    session: Session
    source: Path | None
    asked: Ask | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(slots=True)
class Desk:
    """Diagnoses, and remembers the last cases. `may_import` and `may_write` are what the server was started with."""

    knowledge: Knowledge
    may_import: bool = False
    may_write: bool = False
    cases: OrderedDict[str, Case] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def diagnose(self, call: Call, wanted: given.Diagnose) -> str:
        """Return what is found in all that was handed over. Raises `UsageError`."""
        source = call.roots.place(wanted.source, "source") if wanted.source else None
        intake = Intake(
            complaint=wanted.complaint,
            logs=(str(call.roots.file(wanted.log_path, "log_path")),) if wanted.log_path else (),
            log_texts=(wanted.log,) if wanted.log else (),
            source=source,
            answers=[f"{question}={option}" for question, option in wanted.answers.items()],
            app=self._target(call, wanted.app, source) if wanted.app else None,
        )
        if intake.is_empty and not wanted.candidates:
            raise UsageError(
                "nothing to go by: hand over a complaint, log, log_path, source, app, answers or candidates"
            )
        session = Session(self.knowledge.catalog)
        session.examine(ReadingSource(self.knowledge.catalog, wanted.candidates))
        examine(intake, session, self.knowledge.content, call.progress())
        if wanted.candidates:
            session.hand_over("candidates", ", ".join(f"{name} ({word})" for name, word in wanted.candidates.items()))
        case = Case(session, source)
        name = secrets.token_hex(8)
        with self.lock:
            self.cases[name] = case
            while len(self.cases) > MOST_CASES:
                self.cases.popitem(last=False)
        return self._told(call, name, case, detail=wanted.detail)

    def answer_question(self, call: Call, wanted: given.AnswerQuestion) -> str:
        """Return what is found with one answer more. Raises `UsageError` for what cannot be answered."""
        with self.lock:
            case = self.cases.get(wanted.case)
            if case is not None:
                self.cases.move_to_end(wanted.case)
        if case is None:
            raise UsageError("no such case, or it is too long ago: diagnose again, with what is known as `answers`")
        if case.source is not None and not call.roots.holds(case.source):
            raise UsageError("the source of this case is no longer open to you")
        with case.lock:
            steps = [step.question for step in case.session.steps]
            before = None
            if wanted.question == TELL_QUESTION:
                ask = case.asked if case.asked and case.asked.question == TELL_QUESTION else None
                ask = ask or case.session.question_of_tells()
                if ask is None:
                    raise UsageError("there is no tell left to ask about")
            else:
                ask = Ask(question=wanted.question, text="", why="", options={}, gain=0.0)
                # What is asked once more is answered once more; any other answer takes the place of the earlier one.
                is_asked = case.asked is not None and case.asked.question == wanted.question
                before = steps.index(wanted.question) if wanted.question in steps and not is_asked else None
            case.session.tell(ask, wanted.option, before)
            return self._told(call, wanted.case, case, detail=wanted.detail)

    def _target(self, call: Call, app: str, source: Path | None) -> Target:
        """Return the application to import. Raises `UsageError` if that is not allowed, or it is none."""
        if not self.may_import:
            raise UsageError(
                "app: to import an application is to run its code; start the server with --allow-import to allow it"
            )
        if "/" in app or "\\" in app:
            raise UsageError("app: write MODULE:APP, such as app.main:app, and its folder as `source`")
        folder = source or call.roots.folder()
        target = Target.of(app, folder if folder.is_dir() else folder.parent)
        return replace(target, interpreter=interpreter_for(target.app_dir))

    def _told(self, call: Call, name: str, case: Case, *, detail: bool) -> str:
        call.doing()
        found = answer(case.session, self.knowledge.renderer, TOP, case.source)
        case.asked = found.next_question
        places = {}
        if case.source is not None and found.next_question is not None:
            from troubleshoot.serving.lookups import look_up

            leading = case.session.diagnosis().candidates[:LEADERS]
            places = dict(look_up(self.knowledge.catalog, found.next_question, leading, case.source))
        return case_of(name, found, case.session, places, call.roots.relative, detail=detail)

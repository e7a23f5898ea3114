"""The snippets that find out what a person cannot answer: shown beside a question, or written to a file."""

from __future__ import annotations

import sys

from troubleshoot.catalog.content import Content
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer, Snippet
from troubleshoot.investigation.session import Session
from troubleshoot.model import Probe
from troubleshoot.ui import draws
from troubleshoot.ui.asker import Asker, fitted
from troubleshoot.ui.files import write_snippet


def probe_for(session: Session) -> Probe | None:
    """Return what answers the question that was passed over last, or the one that would tell the most."""
    probes = {name: question.probe for name, question in session.catalog.questions.items() if question.probe}
    passed_over = [step.question for step in reversed(session.steps) if not step.option]
    ask = session.next_question(among=[name for name in probes if name not in passed_over])
    return next((probes[name] for name in (*passed_over, *([ask.question] if ask else ())) if name in probes), None)


def show_probe(asker: Asker, session: Session, content: Content, probe: Probe) -> None:
    """Show a snippet, and how to read what it prints."""
    snippet = _snippet(session, content, probe)
    asker.say("This finds it out:")
    if asker.is_drawn and draws(sys.stderr):
        from troubleshoot.ui.page import console, show_snippet

        show_snippet(snippet, console(error=True))
    else:
        asker.say(snippet.text)
    asker.say(fitted(f"How to read it: {probe.reading}"))


def write_probe(asker: Asker, session: Session, content: Content, probe: Probe) -> None:
    """Write a snippet to a file of the user's choice."""
    if path := write_snippet(asker, _snippet(session, content, probe)):
        asker.say(fitted(f"Wrote {path}. How to read it: {probe.reading}"))


def _snippet(session: Session, content: Content, probe: Probe) -> Snippet:
    values = fill(probe.parameters, session.evidence)
    return Renderer(content, session.catalog).probe(probe.template, values)

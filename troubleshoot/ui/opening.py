"""How a dialogue begins: with what is known already, and what is taken from it instead of asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from troubleshoot.catalog.content import Content
from troubleshoot.engine.dialogue import leading_symptom
from troubleshoot.investigation.examination import examine_complaint
from troubleshoot.investigation.session import Session
from troubleshoot.model import SYMPTOM_QUESTION, Ask
from troubleshoot.ui.asker import Asker, agrees, fitted
from troubleshoot.ui.known import known_lines

PROJECT = ("pyproject.toml", "setup.py", "requirements.txt", "uv.lock", "Pipfile", "main.py", "app.py", "app", "src")
"""What a folder has that is somebody's project; to look for more would be to read before anybody agrees."""
UNFAMILIAR = "Nothing in that sounds familiar; let us go through it step by step."


def take(asker: Asker, session: Session, content: Content, text: str) -> None:
    """Take in what somebody has said or pasted, if anything, and say what was understood of it."""
    if not text.strip():
        return
    before = seen(session)
    examine_complaint(text, session, content)
    show_known(asker, session, before)
    if seen(session) == before:
        asker.say(UNFAMILIAR)


def seen(session: Session) -> tuple[int, int]:
    """Return how much has been observed, and how much not been examined."""
    return len(session.observed), len(session.skipped)


def show_known(asker: Asker, session: Session, since: tuple[int, int] = (0, 0)) -> None:
    """Say what was observed, and what was not examined, after so much."""
    observed, skipped = since
    for item in session.skipped[skipped:]:
        asker.say(fitted(f"Not examined: {item.location or item.source}: {item.why}"))
    lines = known_lines(session.catalog, session.observed[observed:])
    if lines:
        asker.say("This is what I go by:")
    for line in lines:
        asker.say(f"  {fitted(line, 2)}")


def put_taken(asker: Asker, session: Session, ask: Ask) -> Ask | None:
    """Show the symptom that all else points at instead of asking for it; return what is still to be asked."""
    if ask.question != SYMPTOM_QUESTION or session.opening:
        return ask
    symptom = leading_symptom(session.likelihoods, session.ranking())
    if symptom is None or symptom not in ask.options:
        return ask
    text = f"I take it: {session.catalog.symptoms[symptom].title}."
    if agrees(asker, text, "Yes, go on", "No, it is something else"):
        session.tell(ask, symptom)
        return None
    return replace(ask, options={name: title for name, title in ask.options.items() if name != symptom})


def may_be_a_project(folder: Path) -> bool:
    """Return whether a folder looks like a project from its door; nothing in it is read."""
    return folder != Path.home() and any((folder / name).exists() for name in PROJECT)

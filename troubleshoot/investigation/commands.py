"""Commands to type as they stand: what would tell, where the cause cannot be told yet, and what makes a change."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot import conventions, limits, program
from troubleshoot.investigation.session import Session
from troubleshoot.lazy import pattern
from troubleshoot.model import Cause, Question
from troubleshoot.redaction import shown
from troubleshoot.values import frozen

if TYPE_CHECKING:
    from troubleshoot.investigation.changes import Change

MOST = 3
FEWEST = 2
LONGEST = 100
"""Characters of what was handed over that are repeated in a command."""
LEADERS = 3
WORTH_MEASURING = 0.1
"""The least information, in bits, for which a snippet is put into an application."""
APPLICATION = pattern(r"^(?P<name>[A-Za-z_]\w*)(?:\s*:[^=\n]+)?\s*=\s*(?:fastapi\.)?FastAPI\(", re.MULTILINE)
GRAVE = ("error", "warning")
OPTIONS = ("log", "source", "findings", "app", "answer")


@frozen
class Command:
    """What to type, and what it does; nothing to type if `command` is empty."""

    command: str
    what: str


def application_in(folder: Path | None) -> str:
    """Return the application of `folder` as MODULE:APP, if a file where they usually are makes one; else nothing."""
    if folder is None:
        return ""
    for name in conventions.APPLICATIONS:
        try:
            found = APPLICATION.search(limits.read(folder / name, "source file").decode(errors="replace"))
        except OSError:
            continue
        if found is not None:
            return f"{name.removesuffix('.py').replace('/', '.')}:{found['name']}"
    return ""


def change_of(cause: Cause, place: Path, change: Change) -> Command:
    """Return what makes `change`, which puts `cause` right in the source at `place`."""
    finding = change.proposal.finding
    at = "" if change.is_only else f" --at {_quoted(f'{finding.path}:{finding.line}')}"
    command = f"{program.name()} fix {cause.id} --source {_quoted(str(place))}{at} --apply"
    return Command(command=command, what=cause.fixes[change.proposal.fix].title)


def in_own_source(cause: Cause, do_this: Command, folder: Path | None) -> Command:
    """Return `do_this` with what shows it as a change of the source in `folder`, if there can be one."""
    if not any(fix.patch for fix in cause.fixes.values()) or not application_in(folder):
        return do_this
    return replace(do_this, command=f"{program.name()} fix {cause.id} --source .")


def what_would_tell(session: Session, folder: Path | None) -> tuple[Command, ...]:
    """Return commands that show more than is known, none of them what was done already; `folder` is where they run."""
    if any(item.kind == "elsewhere" for item in session.evidence):
        return ()
    found = list(islice(_commands(session, application_in(folder)), MOST))
    if len(found) < FEWEST and not session.steps:
        asking = f"{program.name()} {_again(session, complaints=0) or ''}".rstrip()
        found.append(Command(command=asking, what="asks you, one question at a time"))
    return tuple(found)


def _commands(session: Session, application: str) -> Iterator[Command]:
    name, again = program.name(), _again(session)
    answer = f"{name} answer {again or ''}".rstrip()
    done = {*session.given, *(item.source for item in session.observed)}
    live = _live(session, application)
    is_slow = live is not None and "--watch-loop" in live.command
    yield from _found_beside(session)
    if live and is_slow and "log" not in done:
        yield live
    if "source" not in done and "code" not in done and application:
        yield Command(
            command=f"{answer} --source ." if again else f"{name} scan",
            what="looks at your source; nothing of it is run",
        )
    if "log" not in done:
        if live is None:
            yield Command(command=f"{answer} --log FILE", what="reads a log or a traceback")
        elif not is_slow:
            yield live
    if (question := _measurable(session)) is not None and question.probe is not None:
        yield Command(command=f"{name} probe {question.probe.template}", what=f"measures it: {question.text}")
    if "app" not in done and application:
        yield Command(
            command=f"{answer} --app {application}" if again else f"{name} inspect {application}",
            what="imports your application and looks at what FastAPI has built",
        )
    if "source" not in done and "code" not in done and not application:
        yield Command(command=f"{answer} --source FOLDER", what="looks at your source; nothing of it is run")


def _found_beside(session: Session) -> Iterator[Command]:
    """Yield what shows the mistakes that the source has, though what was said need not come from them."""
    places = [place for place in session.given.get("source", []) if shown(place, LONGEST) == place]
    found = [
        item for item in session.observed if (item.kind, item.source) == ("finding", "code") and item.value in GRAVE
    ]
    if places and found:
        gravest = min(found, key=lambda item: GRAVE.index(item.value))
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        what = f"{gravest.location}: {gravest.what}{more}"
        yield Command(
            command=f"{program.name()} scan {' '.join(map(_quoted, places))}",
            what=f"lists what is wrong in your source, whether this comes from it or not: {what}",
        )


def _again(session: Session, complaints: int = 1) -> str | None:
    """Return the arguments that hand over again what was handed over; nothing if they cannot be repeated.

    Of complaints the last ones are taken, so many as `complaints` says.
    """
    words = list(reversed(session.given.get("complaint", [])))[:complaints]
    for option in OPTIONS:
        for value in session.given.get(option, []):
            words += [f"--{option}", value]
    if not words or "-" in words or any(shown(word, LONGEST) != word for word in words):
        return None
    text = " ".join(word if word.startswith("--") else _quoted(word) for word in words)
    return text if len(text) <= LONGEST else None


def _quoted(word: str) -> str:
    """Return a word as a shell takes it, in the quotes that are easier to read where they will do."""
    quoted = shlex.quote(word)
    return f'"{word}"' if quoted != word and not re.search(r'["$`\\!]', word) else quoted


def _live(session: Session, application: str) -> Command | None:
    """Return what watches the server while it runs."""
    if not application:
        return None
    leading = [item.cause for item in session.diagnosis().candidates[:LEADERS]]
    is_slow = any(cause.startswith("performance/") for cause in leading)
    return Command(
        command=f"{program.name()} run {'--watch-loop ' if is_slow else ''}-- uvicorn {application}",
        what="starts your server, and names a line that blocks it"
        if is_slow
        else "starts your server, and names the cause when an error appears in what it prints",
    )


def _measurable(session: Session) -> Question | None:
    """Return the most telling open question whose answer a probe finds out, and the leading cause depends on."""
    candidates = session.diagnosis().candidates
    known = session.catalog.outlines[candidates[0].cause].answers if candidates else {}
    questions = session.catalog.questions
    ask = session.next_question({name for name in known if questions[name].probe is not None})
    return None if ask is None or ask.gain < WORTH_MEASURING else questions[ask.question]

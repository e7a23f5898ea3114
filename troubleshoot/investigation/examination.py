"""What was handed over, turned into a session that has looked through all of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from troubleshoot.catalog.content import Content
from troubleshoot.errors import UsageError
from troubleshoot.investigation.intake import SILENT, STANDARD_INPUT, Intake, Progress
from troubleshoot.investigation.ready import wanted_of
from troubleshoot.investigation.session import Session
from troubleshoot.model import NONE_OF_THESE, TELL_QUESTION

if TYPE_CHECKING:
    from troubleshoot.sources.logs import Wanted

PASTED = "log"
"""How a log without a name is called."""
REFUSAL = "ield required"
"""What stands in each refusal of a request that lacks something."""
NO_TELL = (TELL_QUESTION, NONE_OF_THESE)


def examine(intake: Intake, session: Session, content: Content, progress: Progress = SILENT) -> None:
    """Let `session` look through everything in `intake`.

    Raises `UsageError` for a file or a folder that cannot be opened, for an answer to a question that is not there, and
    for what is no application.
    """
    from troubleshoot.sources.answers import AnswersSource, parse_answers, read_answers

    pairs = read_answers(intake.answers_file) if intake.answers_file else []
    pairs += parse_answers(intake.answers)
    session.examine(AnswersSource(session.catalog, [pair for pair in pairs if pair != NO_TELL]))
    for question, option in pairs:
        session.hand_over("answer", f"{question}={option}")
    if intake.source is not None:
        examine_source(intake.source, session, content, progress.doing)
    if intake.findings:
        from troubleshoot.sources.findings import FindingsSource

        for path in intake.findings:
            session.examine(FindingsSource(session.catalog, path))
            session.hand_over("findings", str(path))
    wanted = _wanted(intake, session)
    exceptions, quoted = _examine_logs(intake, session, progress, wanted)
    if intake.app is not None:
        from troubleshoot.sources.app import AppSource

        app = AppSource(session.catalog, intake.app, progress.importing(intake.app.name))
        session.examine(app)
        session.hand_over("app", intake.app.given or f"{intake.app.name}{'()' if intake.app.is_factory else ''}")
        exceptions += app.exceptions
        quoted += app.quoted
    # What signatures have settled needs no comparison of words, which costs as much as all the rest.
    if intake.complaint or (exceptions and session.diagnosis().status != "diagnosed"):
        examine_complaint(intake.complaint, session, content, exceptions, quoted, wanted)
    for pair in pairs:
        # The tells that were not recognised are those that all the rest leads to, as when they were shown.
        if pair == NO_TELL and (ask := session.question_of_tells()) is not None:
            session.tell(ask, NONE_OF_THESE)


def examine_complaint(
    text: str,
    session: Session,
    content: Content,
    exceptions: Sequence[str] = (),
    quoted: Sequence[str] = (),
    wanted: Wanted | None = None,
) -> None:
    """Let `session` look through what the user says; for `exceptions` and `quoted` see `ComplaintSource`."""
    from troubleshoot.catalog.cache import LEXICON, cache_file
    from troubleshoot.sources.complaint import ComplaintSource
    from troubleshoot.sources.words import read_words

    # What stands on a command line need not be text.
    text = text.encode(errors="replace").decode()
    index = cache_file(content, LEXICON)
    words = read_words(content.knowledge)
    complaint = ComplaintSource(session.catalog, text, exceptions, quoted, index, words, wanted)
    session.examine(complaint)
    if text.strip():
        session.hand_over("complaint", text)
    if complaint.code:
        from troubleshoot.sources.clients import requests_in
        from troubleshoot.sources.fragments import plain_classes

        classes = plain_classes("\n".join((text, *exceptions)))
        _examine_snippets((*complaint.code, requests_in(text)), session, content, classes)
    if REFUSAL in text:
        from troubleshoot.sources.clients import refused_in

        _examine_snippets([refused_in(text)], session, content, is_shown=False)


def _examine_snippets(
    snippets: Sequence[str],
    session: Session,
    content: Content,
    classes: Collection[str] = (),
    *,
    is_shown: bool = True,
) -> None:
    """Let `session` look through source that was pasted into a complaint, or made of what it tells.

    `classes` are known to be plain ones, wherever they come from. Empty snippets are none.
    """
    snippets = [snippet for snippet in snippets if snippet]
    if not snippets:
        return
    import tempfile

    from troubleshoot.sources.code import CodeSource
    from troubleshoot.sources.fragments import completed

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for number, snippet in enumerate(snippets, start=1):
            (folder / f"snippet_{number}.py").write_text(
                completed(snippet, classes), encoding="utf-8", errors="replace"
            )
        source = CodeSource(session.catalog, content, folder, source="complaint", is_whole=False, is_shown=is_shown)
        session.examine(source)


def examine_source(place: Path, session: Session, content: Content, status: Callable[[str], None]) -> None:
    """Let `session` look through a source tree and the versions it runs with; `status` is told what is being done."""
    from troubleshoot.sources.code import CodeSource
    from troubleshoot.sources.versions import ProjectSource

    session.hand_over("source", str(place))
    session.examine(CodeSource(session.catalog, content, place, status))
    session.examine(ProjectSource(place if place.is_dir() else place.parent))


def _wanted(intake: Intake, session: Session) -> Wanted | None:
    """Return what is searched for in logs and complaint, if there are any."""
    if not (intake.logs or intake.log_texts or intake.complaint):
        return None
    return wanted_of(session.catalog)


def _examine_logs(
    intake: Intake, session: Session, progress: Progress, wanted: Wanted | None
) -> tuple[list[str], list[str]]:
    """Examine each log; return the exceptions that ended tracebacks, and what signatures recognised."""
    exceptions: list[str] = []
    quoted: list[str] = []
    for name, opened in _logs(intake):
        from troubleshoot.sources.logs import LogSource

        with opened as (stream, size):
            log = LogSource(session.catalog, stream, name, progress=progress.reading(name, size), wanted=wanted)
            session.examine(log)
            exceptions += log.exceptions
            quoted += log.quoted
    for name in (*intake.logs, *(PASTED for _ in intake.log_texts)):
        session.hand_over("log", name)
    return exceptions, quoted


def _logs(intake: Intake) -> Iterator[tuple[str, AbstractContextManager[tuple[BinaryIO, int]]]]:
    """Yield how each log is called, and what opens it."""
    for name in intake.logs:
        yield "standard input" if name == STANDARD_INPUT else name, _opened(name)
    for text in intake.log_texts:
        data = text.encode(errors="replace")
        yield PASTED, nullcontext((BytesIO(data), len(data)))


@contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, int]]:
    """Open a log for reading, with its size in bytes; standard input is left open. Raises `UsageError`."""
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer, 0
        return
    path = Path(name)
    try:
        stream = path.open("rb")
    except IsADirectoryError as error:
        raise UsageError(f"--log {path}: is a folder; name the file in it") from error
    except OSError as error:
        raise UsageError(f"--log {path}: cannot be opened: {error.strerror}") from error
    with stream:
        yield stream, path.stat().st_size

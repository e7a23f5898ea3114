"""What stands in the place of a bare 500: the answer to an exception, with the traceback below it."""

from __future__ import annotations

import html
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any

from troubleshoot.formats import html as drawn
from troubleshoot.formats import line
from troubleshoot.formats.changes import listed
from troubleshoot.formats.objects import indented
from troubleshoot.investigation.answer import Answer
from troubleshoot.redaction import plain, redact, shown
from troubleshoot.running.changes import with_change
from troubleshoot.running.exceptions import text_of
from troubleshoot.running.failures import Explainer, cut

PAGE = "page.html"
WIDEST = 300
"""Characters of an exception that are its title."""


@dataclass(frozen=True, slots=True)
class Page:
    """An exception without its secrets; `answer` is None if it could not be looked at, for the reason `why`."""

    title: str
    traceback: str
    answer: Answer | None
    why: str = ""


def look_at(error: Exception, explainer: Explainer) -> Page:
    """Return what is to be said of `error`; whatever goes wrong with that is said in a line."""
    text = text_of(error)
    title = shown(f"{type(error).__name__}: {error}", WIDEST)
    traceback = redact(plain(cut(text)))
    try:
        return Page(title, traceback, with_change(explainer.explain(text)))
    except Exception as problem:
        return Page(title, traceback, None, f"This exception could not be looked at: {type(problem).__name__}.")


def as_html(page: Page) -> str:
    """Return a page for a browser, which loads nothing."""
    answer = drawn.write(page.answer) if page.answer else f"<p>{html.escape(page.why)}</p>\n"
    template = Template(files(__package__).joinpath(PAGE).read_text(encoding="utf-8"))
    return template.substitute(title=html.escape(page.title), answer=answer, traceback=html.escape(page.traceback))


def as_json(page: Page) -> str:
    """Return one object: `error`, what `answer --batch` says of a line, `changes` of the source that put it right,
    `why` if nothing could be said, `traceback`."""
    said: dict[str, Any] = {"why": page.why}
    if page.answer:
        changes = [change for ranked in page.answer.ranked for change in ranked.changes]
        said = {**line.values(page.answer), "changes": listed(changes)}
    value = {"schema": line.SCHEMA, "error": page.title, **said, "traceback": page.traceback.splitlines()}
    return indented(value)

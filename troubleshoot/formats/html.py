"""The answer as HTML, for a page that others frame; it loads nothing."""

from __future__ import annotations

import re
from functools import singledispatch
from html import escape

from troubleshoot.formats.blocks import (
    Block,
    Choice,
    Choices,
    Code,
    Commands,
    Foreign,
    Items,
    Labelled,
    Lead,
    Line,
    Links,
    Prose,
    Reasons,
    Section,
)
from troubleshoot.formats.page import page_of
from troubleshoot.investigation.answer import Answer

SPAN = re.compile(r"`([^`\n]+)`")


def write(answer: Answer) -> str:
    """Return what is said of `answer`: what can do alone, and the rest folded."""
    page = page_of(answer)
    short = "".join(map(_written, page.short))
    rest = "".join(map(_written, page.rest))
    return f"{short}<details>\n<summary>Why, and what else</summary>\n{rest}</details>\n" if rest else short


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _said(text: str) -> str:
    """Return a sentence of the knowledge, with what stands between backticks as code."""
    return SPAN.sub(r"<code>\1</code>", escape(text))


def _list(items: tuple[str, ...]) -> str:
    return "".join(("<ul>\n", *(f"<li>{item}</li>\n" for item in items), "</ul>\n")) if items else ""


def _named(label: str, *said: str) -> str:
    return "".join((f"<dl><dt>{escape(label)}</dt>", *(f"<dd>{item}</dd>" for item in said if item), "</dl>\n"))


@singledispatch
def _written(block: Block) -> str:
    raise TypeError(block)


@_written.register
def _(block: Section) -> str:
    return f"<h2>{escape(block.text)}</h2>\n"


@_written.register
def _(block: Lead) -> str:
    return f"<p>{_said(block.text)}</p>\n"


@_written.register
def _(block: Labelled) -> str:
    aside = f' <span class="aside">{escape(block.aside)}</span>' if block.aside else ""
    return _named(block.label, _said(block.text) + aside, _code(block.command) if block.command else "")


@_written.register
def _(block: Line) -> str:
    place = block.place
    said = _code(f"{place.path}:{place.line}") + (f", in {_code(place.function)}" if place.function else "")
    return _named(block.label, said, _code(place.statement) if place.statement else "")


@_written.register
def _(block: Prose) -> str:
    return "".join(f'<p class="prose">{_said(text)}</p>\n' for text in block.text.strip("\n").split("\n\n"))


@_written.register
def _(block: Items) -> str:
    return _list(tuple(map(_said, block.texts)))


@_written.register
def _(block: Foreign) -> str:
    return _list(tuple(map(escape, block.texts)))


@_written.register
def _(block: Reasons) -> str:
    rows = (
        f"<tr><td>{escape(row.weight)}</td><td>{escape(row.where)}</td><td>{escape(row.what)}</td></tr>\n"
        for row in block.rows
    )
    return "".join(("<table>\n<tr><th>weight</th><th>where</th><th>what</th></tr>\n", *rows, "</table>\n"))


@_written.register
def _(block: Choices) -> str:
    return _list(tuple(map(_choice, block.rows)))


def _choice(row: Choice) -> str:
    title = f"<strong>{escape(row.title)}</strong>" if row.tell else escape(row.title)
    said = "".join((f": {_said(row.tell)}" if row.tell else "", f" ({_code(row.place)})" if row.place else ""))
    return f"{escape(row.percent)}: {title} ({_code(row.cause)}){said}"


@_written.register
def _(block: Code) -> str:
    caption = f"<figcaption>{escape(block.caption)}</figcaption>" if block.caption else ""
    return f'<figure>{caption}<pre tabindex="0"><code>{escape(block.text)}</code></pre></figure>\n'


@_written.register
def _(block: Commands) -> str:
    return _list(tuple(f"{_code(row.command)}{f': {_said(row.what)}' if row.what else ''}" for row in block.rows))


@_written.register
def _(block: Links) -> str:
    return _list(tuple(f'<a href="{escape(url)}" rel="noreferrer">{escape(url)}</a>' for url in block.urls))

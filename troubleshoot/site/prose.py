"""Markdown and code as HTML: nothing of the text is markup, and nothing in it is loaded from elsewhere."""

from __future__ import annotations

import re
from functools import cache

import pygments
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

CODE = re.compile(r"`([^`]+)`")
LINKED = ("https://", "http://")
"""What an address begins with that is written as a link."""


def code(text: str, language: str) -> Markup:
    """Return code with its words marked by classes, `nowrap`; plain where the language is not known."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return escape(text)
    return Markup(pygments.highlight(text, lexer, HtmlFormatter(nowrap=True)))  # it escapes the text


def prose(text: str) -> Markup:
    """Return paragraphs, lists and code of the knowledge's Markdown."""
    return Markup(_markdown().render(text))  # HTML in the text is escaped


def inline(text: str) -> Markup:
    """Return one sentence in which what stands in backticks is code, and all else is itself."""
    pieces = CODE.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if index % 2 else piece for index, piece in enumerate(pieces)
    )


def plain(text: str) -> str:
    """Return a sentence without the marks of code, for where no markup can be."""
    return CODE.sub(r"\1", text)


def trusted(text: str) -> Markup:
    """Return a text of our own, which is HTML already."""
    return Markup(text)  # nothing of the knowledge gets here


def is_linked(address: str) -> bool:
    """Return whether an address may be written as a link: one that a person can follow, and nothing that runs."""
    return address.startswith(LINKED)


@cache
def _markdown() -> MarkdownIt:
    # A picture would be fetched as soon as the page is opened.
    return MarkdownIt("commonmark", {"html": False, "highlight": lambda text, name, _: str(code(text, name))}).disable(
        "image"
    )

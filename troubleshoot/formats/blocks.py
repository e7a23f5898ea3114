"""What a page is made of, whoever draws it: text, Markdown or a terminal."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from troubleshoot.investigation.commands import Command
from troubleshoot.investigation.own_line import OwnLine


class Section(NamedTuple):
    """The heading of what follows."""

    text: str


class Lead(NamedTuple):
    """The sentence that a page without a cause begins with."""

    text: str


class Labelled(NamedTuple):
    """A short text behind its label, and lines below it that belong to it: what is said, and what can be typed."""

    label: str
    text: str
    aside: str = ""
    command: str = ""


class Line(NamedTuple):
    """The person's own line of code."""

    label: str
    place: OwnLine


class Prose(NamedTuple):
    """Text of the knowledge, in Markdown."""

    text: str


class Items(NamedTuple):
    """Sentences of the knowledge or the program, each an item."""

    texts: tuple[str, ...]


class Foreign(NamedTuple):
    """Lines that hold texts of others: they are shown, and mean nothing."""

    texts: tuple[str, ...]


class Weighed(NamedTuple):
    """A reason: how much it counts, in a word, where it stands, and what it is."""

    weight: str
    where: str
    what: str


class Reasons(NamedTuple):
    """Why a cause is named."""

    rows: tuple[Weighed, ...]


class Choice(NamedTuple):
    """A cause among others. `tell` and `place` may be empty."""

    percent: str
    title: str
    cause: str
    tell: str = ""
    place: str = ""


class Choices(NamedTuple):
    """Causes side by side."""

    rows: tuple[Choice, ...]


class Code(NamedTuple):
    """Code under its caption, as it is: never wrapped, nothing at its sides. `left` lines of it are not shown."""

    caption: str
    language: str
    text: str
    left: int = 0


class Commands(NamedTuple):
    """What can be typed as it stands, and what it does."""

    rows: tuple[Command, ...]


class Links(NamedTuple):
    """Addresses to read."""

    urls: tuple[str, ...]


Block: TypeAlias = (
    Section | Lead | Labelled | Line | Prose | Items | Foreign | Reasons | Choices | Code | Commands | Links
)


class Page(NamedTuple):
    """A page: `short` is what comes first and can do alone, `rest` what follows."""

    title: str
    short: tuple[Block, ...]
    rest: tuple[Block, ...]

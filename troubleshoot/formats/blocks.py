"""What a page is made of, whoever draws it: text, Markdown or a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from troubleshoot.investigation.commands import Command
from troubleshoot.investigation.own_line import OwnLine


@dataclass(frozen=True, slots=True)
class Section:
    """The heading of what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Lead:
    """The sentence that a page without a cause begins with."""

    text: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A short text behind its label, and lines below it that belong to it: what is said, and what can be typed."""

    label: str
    text: str
    aside: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The person's own line of code."""

    label: str
    place: OwnLine


@dataclass(frozen=True, slots=True)
class Prose:
    """Text of the knowledge, in Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """Sentences of the knowledge or the program, each an item."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """Lines that hold texts of others: they are shown, and mean nothing."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reason: how much it counts, in a word, where it stands, and what it is."""

    weight: str
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a cause is named."""

    rows: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A cause among others. `tell` and `place` may be empty."""

    percent: str
    title: str
    cause: str
    tell: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Causes side by side."""

    rows: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Code under its caption, as it is: never wrapped, nothing at its sides. `left` lines of it are not shown."""

    caption: str
    language: str
    text: str
    left: int = 0


@dataclass(frozen=True, slots=True)
class Commands:
    """What can be typed as it stands, and what it does."""

    rows: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses to read."""

    urls: tuple[str, ...]


Block: TypeAlias = (
    Section | Lead | Labelled | Line | Prose | Items | Foreign | Reasons | Choices | Code | Commands | Links
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `short` is what comes first and can do alone, `rest` what follows."""

    title: str
    short: tuple[Block, ...]
    rest: tuple[Block, ...]

"""HTML read as strictly as it is written: what is opened is closed, nothing stands where it must not."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr"}
PHRASING = {"a", "b", "em", "strong", "code", "span", "input", "button", "label", "br"}
ONLY_PHRASING = {"p", "h1", "h2", "h3", "code", "a", "span", "label", "dt", "pre", "figcaption", "b", "em"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    above: tuple[str, ...]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass
class Page:
    elements: list[Element] = field(default_factory=list)

    def all(self, *names: str) -> list[Element]:
        return [element for element in self.elements if element.name in names]

    def one(self, name: str) -> Element:
        (found,) = self.all(name)
        return found


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.page = Page()
        self.open: list[Element] = []

    def handle_decl(self, decl: str) -> None:
        assert decl == "doctype html"
        assert not self.page.elements

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), attrs
        above = tuple(element.name for element in self.open)
        assert not above or above[-1] not in ONLY_PHRASING or tag in PHRASING, (above, tag)
        assert tag not in ("a", "button") or not {"a", "button"} & set(above), above
        assert tag != "li" or above[-1] in ("ul", "ol")
        assert not above or above[-1] not in ("ul", "ol") or tag == "li", tag
        element = Element(tag, {name: value or "" for name, value in attrs}, above)
        self.page.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, tag
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        assert self.open or not data.strip()
        if not self.open or self.open[-1].name != "style":
            assert not re.search("[<&]", data), data
        self._add(data)

    def handle_entityref(self, name: str) -> None:
        assert name in html.entities.name2codepoint, name
        self._add(html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._add(html.unescape(f"&#{name};"))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def _add(self, text: str) -> None:
        for element in self.open:
            element.parts.append(text)


def parsed(text: str) -> Page:
    """Return a page. Raises AssertionError for anything that a browser would have to guess at."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader.page


def told(text: str) -> str:
    """Return a text as it reads: spaces are one."""
    return " ".join(text.split())

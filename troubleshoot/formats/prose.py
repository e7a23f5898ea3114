"""Text set into lines: single sentences, and the Markdown that explanations are written in."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

from troubleshoot.lazy import pattern

WIDTH = 100
"""The most columns of a page."""
LIST_ITEM = pattern(r"(?P<mark>\s*(?:[-*]|\d+\.)\s+)")


def page_width() -> int:
    """Return the columns of a page: as many as the terminal says, at most `WIDTH`."""
    return min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)


def wrapped(text: str, first: str, other: str, width: int = WIDTH) -> list[str]:
    """Return `text` in lines of at most `width` columns, the first and the others indented with these texts."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=other, break_long_words=False, break_on_hyphens=False
    )


def set_markdown(text: str, indent: str, width: int = WIDTH) -> Iterator[str]:
    """Yield the lines of `text`, paragraphs and list items set anew, code and tables left as they are."""
    paragraph: list[str] = []
    first = indent
    is_code = False

    def flush() -> list[str]:
        lines = wrapped(" ".join(paragraph), first, indent + " " * (len(first) - len(indent)), width)
        paragraph.clear()
        return lines

    for line in text.strip("\n").splitlines():
        fence = line.lstrip().startswith("```")
        item = None if is_code else LIST_ITEM.match(line)
        if item and paragraph and not first.strip() and item["mark"].strip() not in ("-", "*", "1."):
            item = None  # a sentence that ends in a number
        if is_code or fence or not line.strip() or item or (line.startswith("    ") and not paragraph):
            yield from flush()
            first = indent
        if fence:
            is_code = not is_code
        if is_code or fence or (line.startswith("    ") and not paragraph and not item):
            yield f"{indent}{line}".rstrip()
        elif not line.strip():
            yield ""
        else:
            if item:
                first = indent + item["mark"]
            paragraph.append(line[item.end() :] if item else line.strip())
    yield from flush()

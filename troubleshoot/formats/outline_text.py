"""An inspected application as plain text, for pipes, files and terminals that want no drawing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from troubleshoot.formats.outline import CAUSES, FACTS, LIFECYCLE, ONION, ROUTES, SHARED, Outline
from troubleshoot.formats.outline.nodes import Node
from troubleshoot.formats.prose import page_width
from troubleshoot.redaction import disarmed

NARROWEST = 24
"""Columns that a text gets at least, however deep it stands."""
DEEPEST = 12
"""Layers that are indented; those further in stand below each other."""


def write(found: Outline) -> str:
    """Return an outline as plain text, as wide as the terminal says."""
    width = page_width()
    lines = list(_wrapped(found.head.text, "", "  ", width))
    lines += ["", ONION]
    for depth, shell in enumerate(found.onion):
        indent = "  " + " " * min(depth, DEEPEST)
        lines += _wrapped(shell.label.text, f"{indent}└ " if depth else indent, f"{indent}    ", width)
        for note in shell.notes:
            lines += _wrapped(note.text, f"{indent}    ", f"{indent}      ", width)
    lines += ["", ROUTES]
    for node in found.routes:
        lines += _tree(node, "  ", "  ", width)
    lines += ["", SHARED] if found.shared else []
    for node in found.shared:
        lines += _tree(node, "  ", "  ", width)
    if found.lifecycle:
        lines += ["", LIFECYCLE]
        for node in found.lifecycle:
            lines += _tree(node, "  ", "  ", width)
    lines += ["", FACTS] if found.facts or found.ordinary else []
    for node in found.facts:
        lines += _wrapped(node.text, "  ✗ ", "    ", width)
        for child in node.children:
            lines += _wrapped(child.text, "    ", "    ", width)
    if found.ordinary:
        lines += _wrapped(found.ordinary, "  ", "    ", width)
    lines += ["", CAUSES] if found.causes else []
    for node in found.causes:
        lines += _tree(node, "  ", "  ", width)
    return disarmed("\n".join(line.rstrip() for line in lines) + "\n")


def _tree(node: Node, first: str, other: str, width: int) -> Iterator[str]:
    yield from _wrapped(node.text, first, other + ("│   " if node.children else "    "), width)
    for index, child in enumerate(node.children):
        is_last = index == len(node.children) - 1
        yield from _tree(child, f"{other}{'└─ ' if is_last else '├─ '}", f"{other}{'   ' if is_last else '│  '}", width)


def _wrapped(text: str, first: str, other: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        max(width, len(first) + NARROWEST, len(other) + NARROWEST),
        initial_indent=first,
        subsequent_indent=other,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )

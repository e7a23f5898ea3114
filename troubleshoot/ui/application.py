"""An inspected application as a picture: the middleware as nested boxes, the routes as trees."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from html import escape

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text
from rich.tree import Tree

from troubleshoot.formats.outline import CAUSES, FACTS, LIFECYCLE, ONION, ROUTES, SHARED, Outline
from troubleshoot.formats.outline.layers import Shell
from troubleshoot.formats.outline.nodes import Node
from troubleshoot.ui.page import THEME, console

PICTURE_WIDTH = 120
"""Columns of a picture that is written to a file."""
ROOM = 44
"""Columns that the innermost box needs; a narrower window gets a tree instead of boxes."""
BOX = 4
"""Columns that each box takes from what is in it."""
STYLES: Mapping[str, str] = {
    "name": "bold",
    "text": "default",
    "dim": "dim",
    "place": "cyan",
    "path": "bold",
    "event loop": "green",
    "thread pool": "magenta",
    "yield": "yellow",
    "mark": "bold red",
    "confirms": "bold red",
    "supports": "yellow",
    "command": "green",
    "verb GET": "bold green",
    "verb POST": "bold yellow",
    "verb PUT": "bold blue",
    "verb PATCH": "bold blue",
    "verb DELETE": "bold red",
    "verb WS": "bold magenta",
}
VERB = "bold cyan"
FONTS = "ui-monospace, Menlo, 'DejaVu Sans Mono', Consolas, monospace"
HTML = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{title}}</title></head>
<body style="color: {foreground}; background: {background}">
<pre style="font-family: {{fonts}}; line-height: 1.3"><code style="font-family: inherit">{code}</code></pre>
</body>
</html>
"""
RINGS = ("blue", "cyan", "green", "yellow", "magenta")


def show_application(outline: Outline, to: Console | None = None) -> None:
    """Print the picture of an application."""
    out = to or console()
    out.print(_text(outline.head))
    _section(ONION, out)
    depth = len(outline.onion)
    out.print(_boxes(outline.onion) if out.width - BOX * depth >= ROOM else _layered(outline.onion))
    _section(ROUTES, out, legend=True)
    for node in outline.routes:
        out.print(_tree(node))
    if outline.shared:
        _section(SHARED, out)
    for node in outline.shared:
        out.print(_tree(node))
    if outline.lifecycle:
        _section(LIFECYCLE, out)
        for node in outline.lifecycle:
            out.print(Padding(_text(node), (0, 0, 0, 1)))
    if outline.facts or outline.ordinary:
        _section(FACTS, out)
    for node in outline.facts:
        out.print(Text.assemble(("✗ ", STYLES["mark"]), _text(node)))
        for child in node.children:
            out.print(Padding(_text(child), (0, 0, 0, 2)))
    if outline.ordinary:
        out.print(Text(outline.ordinary, style="dim"))
    if outline.causes:
        _section(CAUSES, out)
    for node in outline.causes:
        out.print(_tree(node))


def write_svg(outline: Outline, title: str) -> str:
    """Return the picture as SVG, in fonts of the reader's machine instead of those that rich loads from elsewhere."""
    drawn = _recorded(outline).export_svg(title=title)
    without = re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL)
    return without.replace("Fira Code, monospace", FONTS)


def write_html(outline: Outline, title: str) -> str:
    """Return the picture as an HTML page, which needs nothing from the network."""
    page = _recorded(outline).export_html(inline_styles=True, code_format=HTML)
    return page.replace("{title}", escape(title)).replace("{fonts}", FONTS)


def _recorded(outline: Outline) -> Console:
    recorder = Console(
        record=True,
        file=io.StringIO(),
        width=PICTURE_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
        theme=THEME,
        force_terminal=True,
        color_system="truecolor",
    )
    show_application(outline, recorder)
    return recorder


def _section(title: str, to: Console, *, legend: bool = False) -> None:
    to.print()
    head = Text(title, style="bold underline")
    if legend:
        head = Text.assemble(head, ("   loop", STYLES["event loop"]), (" = event loop", "dim"))
        head.append("  thread", STYLES["thread pool"]).append(" = thread pool", "dim")
    to.print(head)


def _text(node: Node) -> Text:
    made = Text()
    for text, style in node.parts:
        # Some viewers of SVG swallow the spaces that a run of text starts with, unless they are a run of their own.
        made.append(text[: len(text) - len(text.lstrip())], "default").append(text.lstrip(), _style(style))
    return made


def _style(word: str) -> str:
    return STYLES.get(word) or VERB


def _boxes(shells: Sequence[Shell]) -> RenderableType:
    """Return the layers as boxes in boxes."""
    inner: RenderableType | None = None
    for depth, shell in reversed(list(enumerate(shells))):
        if inner is None:
            inner = _text(shell.label)
            continue
        notes = [_text(note) for note in shell.notes]
        inner = Panel(
            Group(*notes, inner),
            title=_text(shell.label),
            title_align="left",
            border_style=RINGS[depth % len(RINGS)] if shell.is_own else "dim",
            box=box.ROUNDED,
        )
    return inner or Text()


def _layered(shells: Sequence[Shell]) -> RenderableType:
    """Return the layers as a tree, for windows that are too narrow for boxes."""
    root: Tree | None = None
    branch: Tree | None = None
    for shell in shells:
        label = _text(shell.label)
        branch = branch.add(label) if branch else Tree(label, guide_style="dim")
        root = root or branch
        for note in shell.notes:
            branch.add(_text(note))
    return root or Text()


def _tree(node: Node) -> Tree:
    tree = Tree(_text(node), guide_style="dim")
    for child in node.children:
        tree.add(_tree(child))
    return tree

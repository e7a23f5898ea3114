"""Calls that come, go round something, or follow it, laid out as `ruff format` would leave them."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import LINE_END, SourceText, last_line

PARENTHESES = re.compile(r"(?:\s*\))*")
ON_ITS_LINE = re.compile(r"\s*\n[ \t]*(?=\.)")
"""The line end and the white space in front of a method that is called on a line of its own."""


def call_text(source: SourceText, place: ast.AST, called: str, texts: Sequence[str], behind: str = "") -> str:
    """Return a call for the place of a node: on one line if it fits there, else with a line for each argument."""
    start, end = source.span(place)
    rest = LINE_END.split(source.text[end:], maxsplit=1)[0].partition("#")[0].rstrip()
    flat = f"{called}({', '.join(texts)}){behind}"
    if "\n" not in flat and len(source.in_front(start) + flat + rest) <= source.width:
        return flat
    indent = source.indent_at(start)
    inner = "".join(f"{source.newline}{indent}{source.unit}{text}," for text in texts)
    return f"{called}({inner}{source.newline}{indent}){behind}"


def wrap(draft: Draft, module: Module, node: ast.expr, name: str) -> None:
    """Give an expression to the call of `name`; one that starts a line and has several is put on lines deeper."""
    source = draft.source(module)
    last = last_line(node)
    if not source.starts_line(node) or last == node.lineno or last in source.inside_strings:
        draft.around(module, node, f"{name}(", ")")
        return
    line = source.in_front(source.span(node)[0])
    draft.around(module, node, f"{name}({source.newline}{line}{source.unit}")
    draft.indent(module, node.lineno + 1, last)
    draft.around(module, node, "", f"{source.newline}{line})")


def add_call(draft: Draft, module: Module, node: ast.expr, *texts: str) -> None:
    """Call methods, such as `.limit(10)`, on what an expression gives, each on its line in a chain of such lines."""
    source = draft.source(module)
    _, end = source.span(node)
    if isinstance(parent(node), ast.Attribute):
        end += len(PARENTHESES.match(source.text, end)[0])  # type: ignore[index]
    chained = ON_ITS_LINE.match(source.text, end)
    if chained is None and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        chained = ON_ITS_LINE.match(source.text, source.span(node.func.value)[1])
    draft.put(module, end, end, "".join(f"{chained[0]}{text}" if chained else text for text in texts))

"""Calls as `ruff format` would leave them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import SourceText

LONGEST_LINE = 88


def made_call(draft: Draft, module: Module, start: ast.stmt, head: str, arguments: Sequence[str]) -> str:
    """Return `head(arguments)` for the place where `start` starts: on one line, else one line for each argument."""
    line = f"{head}({', '.join(arguments)})"
    indent = draft.source(module).indent(start).expandtabs(4)
    if "\n" not in line and len(indent) + len(line) <= LONGEST_LINE:
        return line
    return _on_several_lines(draft.source(module), head, arguments)


def replace_argument(draft: Draft, module: Module, call: ast.Call, argument: ast.expr | ast.keyword, text: str) -> None:
    """Put `text` in the place of an argument or of a keyword's value; a line that grows too long is parted."""
    source = draft.source(module)
    line, (start, end) = source.line(call.lineno), source.span(argument)
    if (
        call.lineno != call.end_lineno
        or len(line) > LONGEST_LINE
        or len(line) + len(text) - end + start <= LONGEST_LINE
    ):
        draft.replace(module, argument, text)
        return
    arguments = []
    for item in sorted([*call.args, *call.keywords], key=source.span):
        written = source.of(item)
        if item is argument:
            written = text
        elif isinstance(item, ast.keyword) and item.value is argument:
            written = f"{item.arg}={text}" if item.arg else f"**{text}"
        arguments.append(written)
    draft.replace(module, call, _on_several_lines(source, source.of(call.func), arguments))


def _on_several_lines(source: SourceText, head: str, arguments: Sequence[str]) -> str:
    lines = "".join(f"\n{source.unit}{item}," for item in arguments)
    return f"{head}({lines}\n)"

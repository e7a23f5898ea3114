"""Statements that change their place or their depth, with the comments between them."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import ancestors
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError, last_line


def move_behind(
    draft: Draft, module: Module, statement: ast.stmt, other: ast.stmt, renamed: tuple[ast.expr, str] | None = None
) -> None:
    """Put a statement with its comments, those right above it included, behind another; one node may be renamed."""
    source = draft.source(module)
    source.must_be_alone(statement, other)
    first, last = source.commented_line(statement), last_line(statement)
    start, end = source.line_start(first), source.line_start(last + 1)
    lines = source.text[start:end]
    if renamed is not None:
        name_start, name_end = source.span(renamed[0])
        lines = source.text[start:name_start] + renamed[1] + source.text[name_end:end]
    old, new = source.indent(statement), source.indent(other)
    if old != new:
        if source.inside_strings & {*range(first, last + 1)}:
            raise WithheldError(f"line {statement.lineno} of {module.path} has a text of several lines")
        lines = re.sub(f"(?m)^{old}", new, lines)
    if len(block_around(statement, module.tree)) == 1:
        draft.put(module, start, end, f"{old}pass{source.newline}")
    else:
        draft.clear(module, first, last)
    draft.behind(module, last_line(other), source.gap_behind(other) + lines.rstrip("\r\n") + source.newline)


def hold(
    draft: Draft, module: Module, statement: ast.Assign, value: ast.expr, last: ast.stmt, word: str = "with"
) -> None:
    """Turn `name = value` into `with value as name:`, and put what follows, up to `last`, one level deeper.

    `value` may be a part of what is assigned; the rest of that goes.
    """
    source = draft.source(module)
    block = block_around(statement, module.tree)
    source.must_be_alone(*block[block.index(statement) : block.index(last) + 1])
    start, end = source.span(statement)
    first, behind = source.span(value)
    draft.put(module, start, first, f"{word} ")
    draft.put(module, behind, end, f" as {source.of(statement.targets[0])}:")
    below = last_line(statement) + 1
    draft.put(module, source.line_start(below), source.line_start(below + source.empty_lines(below, 1)), "")
    draft.indent(module, below, last_line(last))


def unwrap(draft: Draft, module: Module, statement: ast.With | ast.AsyncWith | ast.Try) -> None:
    """Leave of a statement its body alone, one level higher."""
    source, body = draft.source(module), statement.body
    source.must_be_alone(statement, *body)
    header = statement.lineno
    if not isinstance(statement, ast.Try):
        opened = statement.items[-1]
        header = last_line(opened.optional_vars or opened.context_expr)
        while not source.line(header).partition("#")[0].rstrip().endswith(":"):
            header += 1
    draft.put(module, source.line_start(statement.lineno), source.line_start(header + 1), "")
    outer, inner = source.indent(statement), source.indent(body[0])
    for number in range(header + 1, last_line(body[-1]) + 1):
        if number not in source.inside_strings and source.line(number).startswith(inner):
            start = source.line_start(number)
            draft.put(module, start + len(outer), start + len(inner), "")
    if last_line(body[-1]) < last_line(statement):
        end = source.line_start(last_line(statement) + 1)
        draft.put(module, source.line_start(last_line(body[-1]) + 1), end, "")


def move_inside(draft: Draft, module: Module, opened: ast.With | ast.AsyncWith, inner: Sequence[ast.stmt]) -> None:
    """Move a `with` on one line inwards, round statements that follow each other deeper inside of it."""
    source = draft.source(module)
    first, last = opened.lineno, last_line(opened)
    is_odd = opened.body[0].lineno == first or not source.line(first).rstrip().endswith(":")
    if is_odd or not all(map(source.is_alone, inner)) or source.inside_strings & {*range(first, last + 1)}:
        raise WithheldError(f"line {first} of {module.path} is laid out in a way of its own")
    indent = source.indent(inner[0]).removesuffix(source.unit)
    start = source.line_start(inner[0].lineno)
    draft.put(module, source.line_start(first), source.line_start(first + 1), "")
    draft.put(module, start, start, f"{indent}{source.line(first).strip()}{source.newline}")
    deep = range(inner[0].lineno, last_line(inner[-1]) + 1)
    for number in range(first + 1, last + 1):
        start = source.line_start(number)
        if number not in deep and source.text.startswith(source.unit, start):
            draft.put(module, start, start + len(source.unit), "")


def statements_behind(inside: ast.AST, within: ast.AST) -> list[ast.stmt]:
    """Return the statements that run after a part of `within`, up to the end of that."""
    found: list[ast.stmt] = []
    for around in (*ancestors(inside), within):
        for name in ("body", "orelse"):
            block = getattr(around, name, [])
            if isinstance(block, list) and inside in block:
                found += block[block.index(inside) + 1 :]
        if around is within:
            break
        inside = around
    return found

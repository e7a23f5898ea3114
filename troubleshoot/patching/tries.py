"""`try` and `with` that come or go around statements, which move with the comments between them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.drafts import Draft, lines_inside_strings
from troubleshoot.patching.texts import SourceText, WithheldError


def unwrap(draft: Draft, module: Module, statement: ast.With | ast.AsyncWith | ast.Try) -> None:
    """Leave of a statement its body alone, one level higher.

    Raises `WithheldError` where a comment would go with the rest.
    """
    source, body = draft.source(module), statement.body
    _must_be_alone(source, statement, *body)
    first, last = _first_line(source, body[0]), body[-1].end_lineno or 0
    _cut(draft, module, statement.lineno, first - 1)
    outer, inner = source.indent(statement), source.indent(body[0])
    inside = lines_inside_strings(body)
    for number in range(first, last + 1):
        if number not in inside and source.line(number).startswith(inner):
            start = source.line_start(number)
            draft.put(module, start + len(outer), start + len(inner), "")
    _cut(draft, module, last + 1, statement.end_lineno or 0)


def drop_handler(draft: Draft, module: Module, attempt: ast.Try, handler: ast.ExceptHandler) -> None:
    """Take an `except` out of a `try`, and the `try` itself where nothing is left of it."""
    source = draft.source(module)
    if not source.is_alone(handler):
        raise WithheldError(f"line {handler.lineno} of {module.path} has several statements")
    if attempt.orelse:
        raise WithheldError("the else of the try says what happens without it")
    if len(attempt.handlers) > 1 or attempt.finalbody:
        _cut(draft, module, handler.lineno, handler.end_lineno or 0)
    else:
        unwrap(draft, module, attempt)


def has_comment(draft: Draft, module: Module, attempt: ast.Try, handler: ast.ExceptHandler) -> bool:
    """Return whether a comment would go with an `except`."""
    source = draft.source(module)
    first = (attempt.body[-1].end_lineno or 0) + 1 if attempt.handlers[0] is handler else handler.lineno
    last = (handler if attempt.finalbody else attempt).end_lineno or 0
    return any("#" in source.line(number) for number in range(first, last + 1))


def clean_up(draft: Draft, module: Module, tried: Sequence[ast.stmt], cleaning: Sequence[ast.stmt]) -> None:
    """Put statements into `try`, and those behind them into its `finally`; a `try` without one gets it."""
    source = draft.source(module)
    _must_be_alone(source, *tried, *cleaning)
    indent, newline = source.indent(tried[0]), source.newline
    behind = (tried[-1].end_lineno or 0) + 1
    only = tried[0]
    if len(tried) > 1 or not isinstance(only, ast.Try) or only.finalbody:
        first = _first_line(source, only)
        draft.put(module, source.line_start(first), source.line_start(first), f"{indent}try:{newline}")
        _deepen(draft, module, first, behind - 1, tried)
    start = behind
    while not source.line(start).strip():
        start += 1
    draft.put(module, source.line_start(behind), source.line_start(start), f"{indent}finally:{newline}")
    _deepen(draft, module, start, cleaning[-1].end_lineno or 0, cleaning)


def _deepen(draft: Draft, module: Module, first: int, last: int, statements: Sequence[ast.stmt]) -> None:
    source, inside = draft.source(module), lines_inside_strings(statements)
    for number in range(first, last + 1):
        if number not in inside and source.line(number).strip():
            draft.put(module, source.line_start(number), source.line_start(number), source.unit)


def _cut(draft: Draft, module: Module, first: int, last: int) -> None:
    source = draft.source(module)
    for number in range(first, last + 1):
        if "#" in source.line(number):
            raise WithheldError(f"line {number} of {module.path} has a comment, which would go, too")
    draft.put(module, source.line_start(first), source.line_start(last + 1), "")


def _first_line(source: SourceText, statement: ast.stmt) -> int:
    """Return the line in which a statement starts, with the comments right above it."""
    indent, first = source.indent(statement), statement.lineno
    while source.line(first - 1).startswith(f"{indent}#"):
        first -= 1
    return first


def _must_be_alone(source: SourceText, *statements: ast.stmt) -> None:
    for statement in statements:
        if not source.is_alone(statement):
            raise WithheldError(f"line {statement.lineno} of {source.module.path} has several statements")

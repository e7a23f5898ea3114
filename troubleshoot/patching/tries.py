"""The clauses of a `try`: those that it gets, and those that it loses."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.blocks import unwrap
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError, last_line


def drop_handler(draft: Draft, module: Module, attempt: ast.Try, handler: ast.ExceptHandler) -> None:
    """Take an `except` out of a `try`, and the `try` itself where nothing is left of it."""
    source = draft.source(module)
    source.must_be_alone(handler)
    if attempt.orelse:
        raise WithheldError("the else of the try says what happens without it")
    if len(attempt.handlers) > 1 or attempt.finalbody:
        start, end = source.line_start(handler.lineno), source.line_start(last_line(handler) + 1)
        draft.put(module, start, end, "")
    else:
        unwrap(draft, module, attempt)


def has_comment(draft: Draft, module: Module, attempt: ast.Try, handler: ast.ExceptHandler) -> bool:
    """Return whether a comment would go with an `except`."""
    source = draft.source(module)
    first = last_line(attempt.body[-1]) + 1 if attempt.handlers[0] is handler else handler.lineno
    last = last_line(handler if attempt.finalbody else attempt)
    return any("#" in source.line(number) for number in range(first, last + 1))


def drop_finally(draft: Draft, module: Module, attempt: ast.Try) -> None:
    """Take out the `finally` of a `try` that has handlers, too."""
    source = draft.source(module)
    above = last_line((attempt.orelse or attempt.handlers)[-1])
    first = attempt.finalbody[0].lineno
    between = source.text[source.line_start(above + 1) : source.line_start(first)].split()
    if between != ["finally:"] or not source.is_alone(attempt.finalbody[0]):
        raise WithheldError(f"line {first} of {module.path} has more above it than finally")
    draft.put(module, source.line_start(above + 1), source.line_start(last_line(attempt) + 1), "")


def clean_up(draft: Draft, module: Module, tried: Sequence[ast.stmt], cleaning: Sequence[ast.stmt]) -> None:
    """Put statements into `try`, and those behind them into its `finally`; a `try` without one gets it."""
    source = draft.source(module)
    source.must_be_alone(*tried, *cleaning)
    indent, newline, only = source.indent(tried[0]), source.newline, tried[0]
    behind = last_line(tried[-1]) + 1
    if len(tried) > 1 or not isinstance(only, ast.Try) or only.finalbody:
        first = source.commented_line(only)
        draft.put(module, source.line_start(first), source.line_start(first), f"{indent}try:{newline}")
        draft.indent(module, first, behind - 1)
    start = behind + source.empty_lines(behind, 1)
    draft.put(module, source.line_start(behind), source.line_start(start), f"{indent}finally:{newline}")
    draft.indent(module, start, last_line(cleaning[-1]))


def move_to_finally(draft: Draft, module: Module, attempt: ast.Try, block: Sequence[ast.stmt], first: ast.stmt) -> None:
    """Move `first` and what follows in a block one level below a `try` into the `finally` that it does not have yet."""
    source = draft.source(module)
    moved = block[block.index(first) :]
    if not all(map(source.is_alone, block)) or source.indent(first) != source.indent(attempt) + source.unit:
        raise WithheldError(f"line {first.lineno} of {module.path} is laid out in a way of its own")
    start = source.line_start(source.commented_line(first))
    end = source.line_start(last_line(moved[-1]) + 1)
    text = source.text[start:end].rstrip("\r\n") + source.newline
    draft.put(module, start, end, "" if len(moved) < len(block) else f"{source.indent(first)}pass{source.newline}")
    draft.behind(module, last_line(attempt), f"{source.indent(attempt)}finally:{source.newline}{text}")

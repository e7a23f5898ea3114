"""Changes of whole clauses of a compound statement."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def drop_finally(draft: Draft, module: Module, attempt: ast.Try) -> None:
    """Take out the `finally` of a `try` that has handlers, too."""
    source = draft.source(module)
    above = (attempt.orelse or attempt.handlers)[-1].end_lineno or 0
    first = attempt.finalbody[0].lineno
    between = source.text[source.line_start(above + 1) : source.line_start(first)].split()
    if between != ["finally:"] or not source.is_alone(attempt.finalbody[0]):
        raise WithheldError(f"line {first} of {module.path} has more above it than finally")
    end = source.line_start((attempt.end_lineno or 0) + 1)
    draft.put(module, source.line_start(above + 1), end, "")


def move_to_finally(draft: Draft, module: Module, attempt: ast.Try, block: Sequence[ast.stmt], first: ast.stmt) -> None:
    """Move `first` and what follows in a block one level below a `try` into the `finally` that it does not have yet."""
    source = draft.source(module)
    moved = block[block.index(first) :]
    if not all(map(source.is_alone, block)) or source.indent(first) != source.indent(attempt) + source.unit:
        raise WithheldError(f"line {first.lineno} of {module.path} is laid out in a way of its own")
    start, end = source.line_start(first.lineno), source.line_start((moved[-1].end_lineno or 0) + 1)
    text = source.text[start:end].rstrip("\r\n") + source.newline
    draft.put(module, start, end, "" if len(moved) < len(block) else f"{source.indent(first)}pass{source.newline}")
    draft.put(module, end, end, "")
    draft.after(module, attempt, "finally:")
    behind = source.line_start((attempt.end_lineno or 0) + 1)
    draft.put(module, behind, behind, text)

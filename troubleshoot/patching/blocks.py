"""Changes of whole clauses of a compound statement."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import ancestors
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


def move_inside(draft: Draft, module: Module, opened: ast.With | ast.AsyncWith, inner: Sequence[ast.stmt]) -> None:
    """Move a `with` on one line inwards, round statements that follow each other deeper inside of it."""
    source = draft.source(module)
    first, last = opened.lineno, opened.end_lineno or 0
    head = source.text[source.line_start(first) : source.line_end(first)]
    if source.line_start(opened.body[0].lineno) < source.line_end(first) or not head.rstrip().endswith(":"):
        raise WithheldError(f"line {first} of {module.path} is laid out in a way of its own")
    if not all(map(source.is_alone, inner)) or _has_long_texts(opened):
        raise WithheldError(f"line {inner[0].lineno} of {module.path} is laid out in a way of its own")
    indent = source.indent(inner[0]).removesuffix(source.unit)
    start = source.line_start(inner[0].lineno)
    draft.put(module, source.line_start(first), source.line_start(first + 1), "")
    draft.put(module, start, start, f"{indent}{head.strip()}{source.newline}")
    deep = range(inner[0].lineno, (inner[-1].end_lineno or 0) + 1)
    for number in range(first + 1, last + 1):
        start = source.line_start(number)
        if number not in deep and source.text.startswith(source.unit, start):
            draft.put(module, start, start + len(source.unit), "")


def _has_long_texts(node: ast.AST) -> bool:
    """Return whether a node has a text over several lines, whose white space is part of it."""
    return any(
        item.lineno < (item.end_lineno or 0)
        for item in ast.walk(node)
        if isinstance(item, ast.JoinedStr) or (isinstance(item, ast.Constant) and isinstance(item.value, (str, bytes)))
    )


def drop_parameter(draft: Draft, function: Function, name: str) -> None:
    """Take a parameter out of a signature, with its default and its comma."""
    source, arguments = draft.source(function.module), function.node.args
    if arguments.posonlyargs or arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
        raise WithheldError(f"the signature of {function.qualname} has parameters of several kinds")
    defaults = [None] * (len(arguments.args) - len(arguments.defaults)) + arguments.defaults
    spans = [
        (source.span(item)[0], source.span(default or item)[1])
        for item, default in zip(arguments.args, defaults, strict=True)
    ]
    index = next(number for number, item in enumerate(arguments.args) if item.arg == name)
    start, end = spans[index]
    if index:
        _, start = spans[index - 1]
    elif len(spans) > 1:
        end, _ = spans[index + 1]
    if "#" in source.text[start:end]:
        raise WithheldError(f"a comment in the signature of {function.qualname} would go, too")
    draft.put(function.module, start, end, "")


def move_to_finally(draft: Draft, module: Module, attempt: ast.Try, block: Sequence[ast.stmt], first: ast.stmt) -> None:
    """Move `first` and what follows in a block one level below a `try` into the `finally` that it does not have yet."""
    source = draft.source(module)
    moved = block[block.index(first) :]
    if not all(map(source.is_alone, block)) or source.indent(first) != source.indent(attempt) + source.unit:
        raise WithheldError(f"line {first.lineno} of {module.path} is laid out in a way of its own")
    above = first.lineno
    while source.text.startswith(f"{source.indent(first)}#", source.line_start(above - 1)):
        above -= 1
    start, end = source.line_start(above), source.line_start((moved[-1].end_lineno or 0) + 1)
    text = source.text[start:end].rstrip("\r\n") + source.newline
    draft.put(module, start, end, "" if len(moved) < len(block) else f"{source.indent(first)}pass{source.newline}")
    behind = source.line_start((attempt.end_lineno or 0) + 1)
    if not source.text[:behind].endswith(("\n", "\r")):
        raise WithheldError(f"the last line of {module.path} has no end")
    draft.after(module, attempt, "finally:")
    draft.put(module, behind, behind, text)


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

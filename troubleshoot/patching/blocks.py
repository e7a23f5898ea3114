"""Blocks that lose what is around them."""

from __future__ import annotations

import ast

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import is_commented
from troubleshoot.patching.texts import WithheldError


def take_out_with(draft: Draft, module: Module, statement: ast.With | ast.AsyncWith) -> None:
    """Take out a `with`, and put its block one level up. Raises `WithheldError` where a comment would be lost."""
    source = draft.source(module)
    for item in (statement, *statement.body):
        if not source.is_alone(item):
            raise WithheldError(f"line {item.lineno} of {module.path} has several statements")
    last = statement.items[-1]
    header = (last.optional_vars or last.context_expr).end_lineno or statement.lineno
    while not source.text[source.line_start(header) : source.line_end(header)].split("#")[0].rstrip().endswith(":"):
        header += 1
    start, end = source.line_start(statement.lineno), source.line_start(header + 1)
    if "#" in source.text[start:end] or any(is_commented(source, item.context_expr) for item in statement.items):
        raise WithheldError("a comment stands beside the `with`")
    draft.put(module, start, end, "")
    outer, inner = source.indent(statement), source.indent(statement.body[0])
    for number in range(header + 1, (statement.end_lineno or 0) + 1):
        first = source.line_start(number)
        if number not in source.inside_strings and source.text[first:].startswith(inner):
            draft.put(module, first + len(outer), first + len(inner), "")

"""What a call is given, taken out of it or put in front."""

from __future__ import annotations

import ast

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import SourceText, WithheldError


def drop_argument(draft: Draft, module: Module, call: ast.Call, argument: ast.expr | ast.keyword) -> None:
    """Take an argument out of a call. Raises `WithheldError` if a comment stands behind it."""
    last = argument.end_lineno or argument.lineno
    behind = draft.source(module).line(last)[argument.end_col_offset or 0 :]
    if last < (call.end_lineno or last) and "#" in behind:
        raise WithheldError(f"a comment in line {last} of {module.path} is about what has to go")
    draft.drop(module, [*call.args, *call.keywords], argument)


def put_first(draft: Draft, module: Module, call: ast.Call, text: str) -> None:
    """Give a call an argument in front of those it has."""
    source = draft.source(module)
    first = given(source, call)[0]
    start, _ = source.span(first)
    if _starts_line(source, first):
        draft.put(
            module, start, start, f"{text},{source.newline}{source.text[source.line_start(first.lineno) : start]}"
        )
    else:
        draft.put(module, start, start, f"{text}, ")


def given(source: SourceText, call: ast.Call) -> list[ast.expr | ast.keyword]:
    """Return what a call is given, in the order in which it is written."""
    return sorted([*call.args, *call.keywords], key=source.span)


def without_argument(source: SourceText, call: ast.Call, name: str) -> str:
    """Return what stands in the parentheses of a call, without the keyword `name`."""
    items = given(source, call)
    index = next(number for number, item in enumerate(items) if isinstance(item, ast.keyword) and item.arg == name)
    start, end = source.span(items[index])
    if index:
        start = source.span(items[index - 1])[1]
    elif len(items) > 1:
        end = source.span(items[1])[0]
    opening, closing = source.span(call.func)[1], source.span(call)[1]
    if "#" in source.text[start:end]:
        raise WithheldError(f"line {items[index].lineno} of {source.module.path} has a comment, which would go, too")
    return source.text[opening:start] + source.text[end:closing]


def drop_entry(draft: Draft, module: Module, dictionary: ast.Dict, value: ast.expr) -> None:
    """Take an entry out of a dictionary that has others."""
    source = draft.source(module)
    items = list(zip(dictionary.keys, dictionary.values, strict=True))
    index = next(number for number, (_, item) in enumerate(items) if item is value)
    key, _ = items[index]
    start, end = source.span(key or value)[0], source.span(value)[1]
    if index + 1 < len(items):
        following, other = items[index + 1]
        end = source.span(following or other)[0]
        if following is None:
            end = source.text.rindex("**", 0, end)
    else:
        start = source.span(items[index - 1][1])[1]
    if "#" in source.text[start:end] or ")" in source.text[start:end].replace(source.of(value), ""):
        raise WithheldError(f"a comment stands in line {value.lineno} of {module.path}")
    draft.put(module, start, end, "")


def _starts_line(source: SourceText, node: ast.expr | ast.keyword) -> bool:
    return not source.text[source.line_start(node.lineno) : source.span(node)[0]].strip()

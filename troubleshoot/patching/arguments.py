"""What a call is given, and what a function takes: added, left out, and laid out as `ruff format` would."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import SourceText, WithheldError

LONGEST_LINE = 88
Span = tuple[int, int]


def add_arguments(draft: Draft, module: Module, call: ast.Call, *texts: str) -> None:
    """Give a call further arguments, behind those it has."""
    source = draft.source(module)
    items = given(source, call)
    _, end = source.span(call)
    if not items:
        start = source.span(call.func)[1]
        draft.put(module, start, end, f"({', '.join(texts)})")
        return
    behind = source.span(items[-1])[1]
    tail = source.text[behind : end - 1]
    if ")" in tail.partition("#")[0]:
        raise WithheldError(f"an argument in line {call.lineno} stands in parentheses")
    added = "".join(f", {text}" for text in texts)
    line = source.text[source.line_start(call.lineno) : source.line_end(call.lineno)]
    if "\n" in tail and items[-1].lineno > call.lineno and _starts_line(source, items[-1]):
        indent = source.text[source.line_start(items[-1].lineno) : source.span(items[-1])[0]]
        draft.put(module, behind, behind, "".join(f",{source.newline}{indent}{text}" for text in texts))
    elif call.lineno == call.end_lineno and len(line) <= LONGEST_LINE < len(line) + len(added):
        indent = line[: len(line) - len(line.lstrip())]
        inside = [*(source.of(item) for item in items), *texts]
        lines = "".join(f"{indent}{source.unit}{text},{source.newline}" for text in inside)
        draft.put(module, source.span(call.func)[1], end, f"({source.newline}{lines}{indent})")
    else:
        draft.put(module, behind, behind, added)


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


def drop_parameters(draft: Draft, function: Function, names: set[str]) -> None:
    """Take parameters out of a signature. Raises `WithheldError` where a comment or a `*` stands beside them."""
    source, arguments = draft.source(function.module), function.node.args
    if arguments.posonlyargs or arguments.vararg or arguments.kwarg:
        raise WithheldError(f"{function.qualname} takes any arguments")
    if arguments.kwonlyargs and all(item.arg in names for item in arguments.kwonlyargs):
        raise WithheldError(f"a `*` would stay in the signature of {function.qualname}")
    spans = parameter_spans(source, function)
    gone = [name in names for name, _ in spans]
    position = 0
    while position < len(spans):
        if not gone[position]:
            position += 1
            continue
        last = position
        while last + 1 < len(spans) and gone[last + 1]:
            last += 1
        start, end = spans[position][1][0], spans[last][1][1]
        if last + 1 < len(spans) and (position == 0 or arguments.kwonlyargs):
            end = spans[last + 1][1][0]
        elif position:
            start = spans[position - 1][1][1]
        else:
            start, end = _inside_parentheses(source, start, end)
        behind = source.text[end:].partition("\n")[0]
        if "#" in source.text[start:end] + behind or "*" in source.text[start : spans[position][1][0]]:
            raise WithheldError(f"something stands between the parameters of {function.qualname}")
        draft.put(function.module, start, end, "")
        position = last + 1


def parameter_spans(source: SourceText, function: Function) -> list[tuple[str, Span]]:
    """Return where each parameter starts and ends, its annotation and its default included."""
    arguments = function.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    both = [*zip(positional, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    return [(item.arg, (source.span(item)[0], source.span(default or item)[1])) for item, default in both]


def _inside_parentheses(source: SourceText, start: int, end: int) -> Span:
    opening = re.search(r"\(\s*$", source.text[:start])
    closing = re.match(r"\s*,?\s*(?=\))", source.text[end:])
    if opening is None or closing is None:
        raise WithheldError("the signature is laid out in a way of its own")
    return opening.start() + 1, end + closing.end()


def _starts_line(source: SourceText, node: ast.expr | ast.keyword) -> bool:
    return not source.text[source.line_start(node.lineno) : source.span(node)[0]].strip()

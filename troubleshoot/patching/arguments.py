"""What a call is given, and what else stands between commas: added, replaced, left out."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeAlias

from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.calls import call_text
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import SourceText, WithheldError

Argument: TypeAlias = ast.expr | ast.keyword
Span = tuple[int, int]


def arguments_of(call: ast.Call) -> list[Argument]:
    """Return what a call is given, in the order in which it is written."""
    return sorted([*call.args, *call.keywords], key=lambda item: (item.lineno, item.col_offset))


def add_arguments(
    draft: Draft, module: Module, call: ast.Call, texts: Sequence[str], behind: Argument | None = None
) -> None:
    """Give a call more arguments, behind another or the last, on lines of their own if that has one."""
    source, items = draft.source(module), arguments_of(call)
    _, closing = source.span(call)
    if not items:
        draft.put(module, closing - 1, closing - 1, ", ".join(texts))
        return
    last = behind or items[-1]
    start, end = source.span(last)
    if end == closing:
        raise WithheldError("the only argument is a generator without parentheses")
    if _is_enclosed(source, call, last):
        raise WithheldError(f"an argument in line {last.lineno} stands in parentheses")
    if source.starts_line(last):
        comma = "" if source.text[end:].lstrip().startswith(",") else ","
        line = source.in_front(start)
        draft.put(module, end, end, "".join(f",{source.newline}{line}{text}" for text in texts) + comma)
        return
    spread = call_text(source, call, source.of(call.func), [*map(source.of, items), *texts])
    if behind is None and call.lineno == call.end_lineno and "\n" in spread:
        draft.put(module, *source.span(call), spread)
    else:
        draft.put(module, end, end, "".join(f", {text}" for text in texts))


def put_first(draft: Draft, module: Module, call: ast.Call, text: str) -> None:
    """Give a call an argument in front of those it has."""
    source = draft.source(module)
    first = arguments_of(call)[0]
    start, _ = source.span(first)
    between = f",{source.newline}{source.in_front(start)}" if source.starts_line(first) else ", "
    draft.put(module, start, start, f"{text}{between}")


def replace_argument(draft: Draft, module: Module, call: ast.Call, argument: Argument, *texts: str) -> None:
    """Put others in the place of an argument, or one in that of a keyword's value; a line too long is parted."""
    source, items = draft.source(module), arguments_of(call)
    holder = _holder(call, argument)
    start, end = source.span(argument)
    if holder is argument and source.starts_line(holder):
        line = source.in_front(start)
        comma = "" if len(texts) == 1 or source.text[end:].lstrip().startswith(",") else ","
        draft.put(module, start, end, f",{source.newline}{line}".join(texts) + comma)
        return
    named = source.text[source.span(holder)[0] : start]
    all_of_them = [
        text for item in items for text in ([named + text for text in texts] if item is holder else [source.of(item)])
    ]
    is_short = call.lineno == call.end_lineno and len(source.line(call.lineno)) <= source.width
    spread = call_text(source, call, source.of(call.func), all_of_them)
    if "\n" in spread and (is_short or (len(items) == 1 < len(texts))):
        draft.put(module, *source.span(call), spread)
    else:
        draft.put(module, start, end, ", ".join(texts))


def drop_argument(draft: Draft, module: Module, call: ast.Call, argument: Argument) -> None:
    """Take an argument, which may be the value of a keyword, out of a call with its comma."""
    drop(draft, module, arguments_of(call), _holder(call, argument))


def drop(draft: Draft, module: Module, items: Sequence[Argument], item: Argument) -> None:
    """Take one of several things that stand between commas, such as the items of a list, out with its comma."""
    source = draft.source(module)
    ordered = sorted(items, key=source.span)
    index = next(number for number, other in enumerate(ordered) if other is item)
    _, behind = source.span(item)
    if len(ordered) == 1 and source.text[behind:].lstrip().startswith(","):
        behind = source.text.index(",", behind) + 1
        draft.put(module, source.span(item)[0], behind, "")
    else:
        drop_span(draft, module, [source.span(other) for other in ordered], index)


def drop_span(draft: Draft, module: Module, spans: Sequence[Span], index: int) -> None:
    """Take one of several things out that stand between commas, `spans` being where each starts and ends.

    Raises `WithheldError` where a comment speaks of it.
    """
    source = draft.source(module)
    start, end = without(spans, index)
    _, last = spans[index]
    behind = source.text[last:].partition("\n")[0].strip().removeprefix(",").strip()
    if "#" in source.text[start:end] or behind.startswith("#"):
        raise WithheldError(f"a comment in {module.path} stands beside what has to go")
    draft.put(module, start, end, "")


def without(spans: Sequence[Span], index: int) -> Span:
    """Return what has to go so that one of several things between commas is gone, with one of the commas."""
    start, end = spans[index]
    if index:
        _, start = spans[index - 1]
    elif len(spans) > 1:
        end, _ = spans[1]
    return start, end


def drop_entry(draft: Draft, module: Module, dictionary: ast.Dict, value: ast.expr) -> None:
    """Take an entry out of a dictionary that has others."""
    source = draft.source(module)
    spans = []
    for key, item in zip(dictionary.keys, dictionary.values, strict=True):
        start, end = source.span(item)
        spans.append((source.span(key)[0] if key else source.text.rindex("**", 0, start), end))
    index = next(number for number, item in enumerate(dictionary.values) if item is value)
    start, end = without(spans, index)
    if ")" in source.text[start:end].replace(source.of(value), ""):
        raise WithheldError(f"something in line {value.lineno} of {module.path} stands in parentheses")
    drop_span(draft, module, spans, index)


def without_argument(source: SourceText, call: ast.Call, name: str) -> str:
    """Return what stands in the parentheses of a call, and these, without the keyword `name`."""
    items = arguments_of(call)
    index = next(number for number, item in enumerate(items) if isinstance(item, ast.keyword) and item.arg == name)
    start, end = without([source.span(item) for item in items], index)
    return source.text[source.span(call.func)[1] : start] + source.text[end : source.span(call)[1]]


def _holder(call: ast.Call, argument: Argument) -> Argument:
    """Return the argument itself, or the keyword that it is the value of."""
    return next((item for item in call.keywords if item.value is argument), argument)


def _is_enclosed(source: SourceText, call: ast.Call, item: Argument) -> bool:
    """Return whether an argument stands in parentheses of its own."""
    _, start = source.span(item)
    starts = [source.span(other)[0] for other in arguments_of(call)]
    end = min((position for position in starts if position >= start), default=source.span(call)[1] - 1)
    return ")" in source.text[start:end].partition("#")[0]

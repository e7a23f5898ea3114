"""Changes of what a function takes and gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.imports import LONGEST_LINE
from troubleshoot.patching.texts import SourceText, WithheldError

CLOSING = re.compile(r"(?:[\s,]|#[^\r\n]*)*(?=\))")
"""What may stand between the last parameter and the parenthesis behind it."""
PLAIN = {"AsyncIterator": "Iterator", "AsyncIterable": "Iterable", "AsyncGenerator": "Generator"}
Span = tuple[int, int]


def add_parameters(draft: Draft, function: Function, texts: Sequence[str], *, required: bool = False) -> None:
    """Add parameters at the end of a signature; `required` ones, which have no default, before those that have one.

    A signature on one line that becomes too long gets a line for each parameter. Raises `WithheldError` where the
    function takes any arguments.
    """
    source, node = draft.source(function.module), function.node
    if node.args.vararg or node.args.kwarg:
        raise WithheldError(f"{function.qualname} takes any arguments")
    opening, closing = _parentheses(source, function)
    spans = _spans(source, node.args)
    defaults = [] if node.args.kwonlyargs else node.args.defaults
    index = len(spans) - len(defaults) if required else len(spans)
    line = source.text[source.line_start(node.lineno) : source.line_end(node.lineno)]
    is_long = source.text.count("\n", opening, closing) == 0 and len(line) + len(", ".join(texts)) + 2 > LONGEST_LINE
    if is_long and "*" not in source.text[opening : spans[0][0] if spans else closing]:
        given = [source.text[start:end] for start, end in spans]
        inner = source.indent(node) + source.unit
        lines = [f"{inner}{text},{source.newline}" for text in (*given[:index], *texts, *given[index:])]
        text = source.newline + "".join(lines) + source.indent(node)
        draft.put(function.module, opening + 1, closing, text)
    elif index < len(spans):
        between = _between(source, spans, index)
        draft.put(function.module, spans[index][0], spans[index][0], "".join(f"{text}{between}" for text in texts))
    else:
        _append(draft, function, texts, spans, closing)


def give_plain_iterator(draft: Draft, function: Function) -> None:
    """Let an annotation say that a generator is a plain one, where it says `AsyncIterator` and the like."""
    module, returns = function.module, function.node.returns
    if not isinstance(returns, ast.Subscript) or last_name(returns.value) not in PLAIN:
        return
    old = last_name(returns.value)
    new = PLAIN[old]
    inside = [draft.text(module, item) for item in getattr(returns.slice, "elts", [returns.slice])]
    if new == "Generator":
        inside = [*inside, "None", "None"][:3]
    statement, origin = module.imports.get(old, (None, ""))
    if isinstance(returns.value, ast.Attribute):
        name = draft.text(module, returns.value).replace(old, new)
    elif not isinstance(statement, ast.ImportFrom) or not statement.module or origin != old:
        raise WithheldError(f"nobody knows where {old} comes from")
    elif new not in module.imports and _uses(module, old) == 1:
        draft.replace(module, next(item for item in statement.names if item.name == old), new)
        name = new
    else:
        name = draft.name(module, f"{statement.module}.{new}")
    draft.replace(module, returns, f"{name}[{', '.join(inside)}]")


def _uses(module: Module, name: str) -> int:
    return sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(module.tree))


def _append(draft: Draft, function: Function, texts: Sequence[str], spans: Sequence[Span], closing: int) -> None:
    source, module = draft.source(function.module), function.module
    end = spans[-1][1] if spans else closing
    tail = source.text[end:closing]
    if "\n" not in tail or len({source.text.count("\n", 0, start) for start, _ in spans}) == 1 < len(spans):
        draft.put(module, end, end, "".join(f", {text}" for text in texts) if spans else ", ".join(texts))
        return
    first = source.text.rfind("\n", 0, closing) + 1
    indent = source.text[source.text.rfind("\n", 0, spans[-1][0]) + 1 : spans[-1][0]]
    if indent.strip():
        raise WithheldError(f"the signature of {function.qualname} is laid out in a way of its own")
    if "," not in re.sub(r"#[^\r\n]*", "", tail):
        draft.put(module, end, end, ",")
    draft.put(module, first, first, "".join(f"{indent}{text},{source.newline}" for text in texts))


def _between(source: SourceText, spans: Sequence[Span], index: int) -> str:
    """Return what stands between a parameter and the next where each has a line of its own, else a comma."""
    start = spans[index][0]
    indent = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    return f",{source.newline}{indent}" if not indent.strip() else ", "


def _parentheses(source: SourceText, function: Function) -> Span:
    """Return where a signature opens and closes. Raises `WithheldError` for one with type parameters."""
    node = function.node
    found = re.compile(rf"(?:async\s+)?def\s+{node.name}\s*\(").match(
        source.text, source.position(node.lineno, node.col_offset)
    )
    if found is None:
        raise WithheldError(f"{function.qualname} has type parameters")
    spans = _spans(source, node.args)
    closing = CLOSING.match(source.text, spans[-1][1] if spans else found.end())
    if closing is None:
        raise WithheldError(f"the signature of {function.qualname} is laid out in a way of its own")
    return found.end() - 1, closing.end()


def _spans(source: SourceText, arguments: ast.arguments) -> list[Span]:
    """Return where each parameter starts and ends, its default included."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    given = [*zip(positional, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    return [(source.span(item)[0], source.span(default or item)[1]) for item, default in given]

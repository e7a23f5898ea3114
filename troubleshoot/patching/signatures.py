"""Changes of what a function takes and gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping, Sequence

from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.patching.drafts import Draft
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
    _, closing = _parentheses(source, function)
    spans = _spans(source, node.args)
    defaults = [] if node.args.kwonlyargs else node.args.defaults
    index = len(spans) - len(defaults) if required else len(spans)
    if _becomes_long(source, function, len(", ".join(texts)) + 2):
        given = [source.text[start:end] for start, end in spans]
        _lay_out(draft, function, [*given[:index], *texts, *given[index:]])
    elif index < len(spans):
        between = _between(source, spans, index)
        draft.put(function.module, spans[index][0], spans[index][0], "".join(f"{text}{between}" for text in texts))
    else:
        _append(draft, function, texts, spans, closing)


def annotate(draft: Draft, function: Function, annotation: ast.expr, text: str) -> None:
    """Put `text` in the place of a parameter's annotation, with the same care for long lines."""
    source = draft.source(function.module)
    first, behind = source.span(annotation)
    if not _becomes_long(source, function, len(text) - (behind - first)):
        draft.put(function.module, first, behind, text)
        return
    given = []
    for start, end in _spans(source, function.node.args):
        inside = start <= first and behind <= end
        given.append(source.text[start:first] + text + source.text[behind:end] if inside else source.text[start:end])
    _lay_out(draft, function, given)


def _becomes_long(source: SourceText, function: Function, more: int) -> bool:
    """Return whether parameters that are on one line, and may be on several, are too long with `more` letters."""
    opening, closing = _parentheses(source, function)
    starts = [start for start, _ in _spans(source, function.node.args)] or [opening]
    first, last = (source.text.count("\n", 0, item) for item in (starts[0], starts[-1]))
    line = source.text[source.line_start(first + 1) : source.line_end(first + 1)]
    return first == last and len(line) + more > source.width and "#" not in source.text[opening:closing]


def _lay_out(draft: Draft, function: Function, params: Sequence[str]) -> None:
    """Give each parameter a line of its own."""
    source, given = draft.source(function.module), function.node.args
    opening, closing = _parentheses(source, function)
    indent = source.indent(function.node)
    texts = [*params]
    if given.kwonlyargs:
        texts.insert(len(given.posonlyargs) + len(given.args), "*")
    if given.posonlyargs:
        texts.insert(len(given.posonlyargs), "/")
    lines = [f"{indent}{source.unit}{text},{source.newline}" for text in texts]
    draft.put(function.module, opening + 1, closing, source.newline + "".join(lines) + indent)


def give_plain_iterator(draft: Draft, function: Function) -> None:
    """Let an annotation say that a generator is a plain one, where it says `AsyncIterator` and the like."""
    _give_iterator(draft, function, PLAIN)


def give_async_iterator(draft: Draft, function: Function) -> None:
    """Let an annotation say that a generator is an asynchronous one, where it says `Iterator` and the like."""
    _give_iterator(draft, function, {plain: name for name, plain in PLAIN.items()})


def _give_iterator(draft: Draft, function: Function, counterparts: Mapping[str, str]) -> None:
    module, returns = function.module, function.node.returns
    if not isinstance(returns, ast.Subscript) or last_name(returns.value) not in counterparts:
        return
    old = last_name(returns.value)
    new = counterparts[old]
    inside = [draft.text(module, item) for item in getattr(returns.slice, "elts", [returns.slice])]
    if new == "Generator":
        inside = [*inside, "None", "None"][:3]
    elif new == "AsyncGenerator":
        inside = [*inside, "None"][:2]
    statement, origin = module.imports.get(old, (None, ""))
    if isinstance(returns.value, ast.Attribute):
        name = draft.text(module, returns.value).replace(old, new)
    elif not isinstance(statement, ast.ImportFrom) or not statement.module or origin != old:
        raise WithheldError(f"nobody knows where {old} comes from")
    else:
        name = draft.name(module, f"{statement.module}.{new}")
    draft.replace(module, returns, f"{name}[{', '.join(inside)}]")


def replace_parameter(draft: Draft, function: Function, name: str, text: str) -> None:
    """Put `text` in the place of a parameter with its annotation and default."""
    arguments = function.node.args
    items = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    index = next(number for number, item in enumerate(items) if item.arg == name)
    draft.put(function.module, *_spans(draft.source(function.module), arguments)[index], text)


def drop_parameters(draft: Draft, function: Function, names: Collection[str]) -> None:
    """Take parameters out of a signature. Raises `WithheldError` where a comment or a `*` stands beside them."""
    source, arguments = draft.source(function.module), function.node.args
    if arguments.posonlyargs or arguments.vararg or arguments.kwarg:
        raise WithheldError(f"{function.qualname} takes any arguments")
    if arguments.kwonlyargs and all(item.arg in names for item in arguments.kwonlyargs):
        raise WithheldError(f"a `*` would stay in the signature of {function.qualname}")
    spans = _spans(source, arguments)
    gone = [item.arg in names for item in (*arguments.args, *arguments.kwonlyargs)]
    position = 0
    while position < len(spans):
        if not gone[position]:
            position += 1
            continue
        last = position
        while last + 1 < len(spans) and gone[last + 1]:
            last += 1
        start, end = spans[position][0], spans[last][1]
        if last + 1 < len(spans) and (position == 0 or arguments.kwonlyargs):
            end = spans[last + 1][0]
        elif position:
            start = spans[position - 1][1]
        else:
            opening, end = _parentheses(source, function)
            start = opening + 1
        behind = source.text[end:].partition("\n")[0]
        if "#" in source.text[start:end] + behind or "*" in source.text[start : spans[position][0]]:
            raise WithheldError(f"something stands between the parameters of {function.qualname}")
        draft.put(function.module, start, end, "")
        position = last + 1


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

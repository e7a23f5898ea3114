"""Where `await` goes, and what it waits for."""

from __future__ import annotations

import ast

from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import ancestors, is_name, nodes_in, parent
from troubleshoot.patching.arguments import arguments_of
from troubleshoot.patching.calls import call_text
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def await_in_thread(draft: Draft, module: Module, call: ast.Call) -> None:
    """Move a call that blocks into the thread pool: `await run_in_threadpool(f, x)`."""
    _must_be_allowed(call)
    for around in ancestors(call):
        if isinstance(around, ast.withitem) and _works_with(around):
            raise WithheldError("what is opened by `with` has to move into a function together with its block")
    source, items = draft.source(module), arguments_of(call)
    (start, end), (_, behind) = source.span(call), source.span(call.func)
    opening, closing = _parentheses(call)
    moved = f"{opening}await {draft.name(module, 'fastapi.concurrency.run_in_threadpool')}"
    if call.lineno == call.end_lineno:
        texts = [source.of(item) for item in (call.func, *items)]
        draft.put(module, start, end, call_text(source, call, moved, texts, closing))
        return
    first = source.span(items[0])[0] if items else end - 1
    gap = source.text[behind:first].lstrip().removeprefix("(")
    gap = gap if "\n" in gap else ""
    if gap.strip() or isinstance(call.func, ast.Lambda):
        raise WithheldError("the call is laid out in a way of its own")
    between = f",{gap or ' '}" if items else ""
    draft.put(module, start, first, f"{moved}({gap}{source.text[start:behind]}{between}")
    draft.around(module, call, "", closing)


def await_here(draft: Draft, module: Module, call: ast.Call) -> None:
    """Put `await` in front of a call, which stays as it is. Raises `WithheldError` where it is not allowed."""
    awaited_as(draft, module, call, call)


def awaited_as(draft: Draft, module: Module, node: ast.expr, coroutine: ast.expr) -> None:
    """Put `await` and what makes a coroutine, a part of `node` or the whole, in the place of `node`."""
    _must_be_allowed(node)
    opening, closing = _parentheses(node)
    if node is coroutine:
        draft.around(module, node, f"{opening}await ", closing)
    else:
        text = draft.text(module, coroutine)
        draft.put(module, *draft.source(module).span(node), f"{opening}await {text}{closing}")


def awaited(node: ast.expr, text: str) -> str:
    """Return `text`, which takes the place of `node`, with `await` before it, in parentheses where they are needed."""
    opening, closing = _parentheses(node)
    return f"{opening}await {text}{closing}"


def _parentheses(node: ast.expr) -> tuple[str, str]:
    """Return the parentheses that `await` needs in the place of `node`, if any."""
    around = parent(node)
    if isinstance(around, ast.Call):
        is_bare = node is not around.func
    elif isinstance(around, ast.Subscript):
        is_bare = node is not around.value
    else:
        is_bare = not isinstance(around, (ast.Attribute, ast.Await))
    return ("", "") if is_bare else ("(", ")")


def _must_be_allowed(node: ast.expr) -> None:
    if any(isinstance(around, (ast.Lambda, ast.FunctionDef, ast.GeneratorExp)) for around in ancestors(node)):
        raise WithheldError("await is not allowed where the call stands")


def _works_with(entered: ast.withitem) -> bool:
    """Return whether the block of a `with` does more with what it opens than to look at its attributes."""
    block = parent(entered)
    name = entered.optional_vars
    if not isinstance(block, ast.With) or not isinstance(name, ast.Name):
        return True
    looked_at = {id(item.value) for item in nodes_in(block.body) if isinstance(item, ast.Attribute)}
    called = {id(item.func.value) for item in nodes_in(block.body) if _is_method_call(item)}  # type: ignore[attr-defined]
    uses = [item for item in nodes_in(block.body) if is_name(item, name.id)]
    return any(id(item) not in looked_at or id(item) in called for item in uses)


def _is_method_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)

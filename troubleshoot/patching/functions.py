"""Changes of functions and calls that several patches make."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import ancestors, is_name, last_name, nodes_in, parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

BARE = (ast.Assign, ast.AnnAssign, ast.Expr, ast.Return, ast.keyword, ast.NamedExpr, ast.withitem)
"""What `await` may stand in without parentheses."""


def needs_async(function: Function) -> bool:
    """Return whether a function uses what only `async def` allows."""
    return any(
        isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith))
        or (isinstance(node, ast.comprehension) and node.is_async)
        for node in ast.walk(function.node)
    )


def make_sync(draft: Draft, function: Function) -> None:
    """Turn `async def` into `def`. Raises `WithheldError` where the function needs it, or somebody awaits it."""
    if needs_async(function):
        raise WithheldError(f"{function.qualname} awaits something")
    if any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")
    draft.replace_start(function.module, function.node, "async def", "def")


def callers(project: Project, function: Function) -> Iterator[tuple[Function | Module, ast.Call]]:
    """Yield each call of a function, or of something of its name that nobody knows, with where it stands."""
    for path in project.files.paths:
        module = project.files.module(path)
        if module is None or not module.mentions(function.name.encode()):
            continue
        places: list[Function | Module] = [module, *module.all_functions]
        for where in places:
            for call in where.body.calls:
                if last_name(call.func) == function.name:
                    value = project.value(call.func, where)
                    if value is None or getattr(value, "function", value) is function:
                        yield where, call


def await_blocking(draft: Draft, function: Function, call: ast.Call) -> None:
    """Wait for a call without keeping the event loop: `asyncio.sleep` for `time.sleep`, else in a thread.

    What a plain function calls waits in the thread in which the one asynchronous caller then runs that function.
    """
    if not function.is_async:
        calls = list(callers(draft.project, function))
        where, outer = calls[0] if len(calls) == 1 else (None, None)
        if outer is None or not isinstance(where, Function) or not where.is_async:
            raise WithheldError(f"{function.qualname} is a plain function, so whoever calls it has to use a thread")
        await_in_thread(draft, where.module, outer)
        return
    if draft.project.path(call.func, function) == "time.sleep":
        given = ", ".join(draft.text(function.module, item) for item in call.args)
        sleep = f"{draft.name(function.module, 'asyncio.sleep')}({given})"
        draft.replace(function.module, call, awaited(call, sleep))
    else:
        await_in_thread(draft, function.module, call)


def await_in_thread(draft: Draft, module: Module, call: ast.Call) -> None:
    """Move a call that blocks into the thread pool: `await run_in_threadpool(f, x)`."""
    for around in ancestors(call):
        if isinstance(around, (ast.Lambda, ast.FunctionDef, ast.GeneratorExp)):
            raise WithheldError("await is not allowed where the call stands")
        if isinstance(around, ast.withitem) and _works_with(around):
            raise WithheldError("what is opened by `with` has to move into a function together with its block")
    source = draft.source(module)
    _, behind = source.span(call.func)
    start, end = source.span(call)
    given = source.text[behind:end].strip()[1:-1].strip()
    moved = f"{draft.name(module, 'fastapi.concurrency.run_in_threadpool')}({source.text[start:behind]}"
    draft.replace(module, call, awaited(call, f"{moved}, {given})" if given else f"{moved})"))


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


def awaited(node: ast.expr, text: str) -> str:
    """Return `text`, which takes the place of `node`, with `await` before it, in parentheses where they are needed."""
    return f"await {text}" if isinstance(parent(node), BARE) else f"(await {text})"

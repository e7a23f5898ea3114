"""`asyncio.Lock` and `async with` for a lock that only async functions hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import last_name, nodes_in, parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

COUNTERPARTS = {"threading.Lock": "asyncio.Lock", "threading.Semaphore": "asyncio.Semaphore"}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Make the lock one of asyncio, and wait for it without blocking everywhere it is held."""
    function, node, project = sighting.function, sighting.node, draft.project
    if function is None or not isinstance(node, (ast.Name, ast.Attribute)):
        raise WithheldError("what waits for the other thread is not a lock held by `with`")
    if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
        raise WithheldError(f"{ast.unparse(node)} belongs to something else")
    name, made = last_name(node), None
    for module, where, use in _uses(project, name):
        around = parent(use)
        if isinstance(around, (ast.Assign, ast.AnnAssign)) and use is not around.value:
            if made is not None or not isinstance(around.value, ast.Call) or isinstance(around, ast.AnnAssign):
                raise WithheldError(f"{name} is made in several places, or is annotated")
            made = around.value
            asynchronous = COUNTERPARTS.get(project.path(made.func, where or module))
            if asynchronous is None:
                raise WithheldError(f"asyncio has no counterpart of {ast.unparse(made.func)} that could take its place")
            start, end = draft.source(module).span(made.func)
            draft.put(module, start, end, draft.name(module, asynchronous))
        else:
            _wait(draft, module, where, use)
    if made is None:
        raise WithheldError(f"{name} is made where it cannot be seen")


def _uses(project: Project, name: str) -> Iterator[tuple[Module, Function | None, ast.expr]]:
    """Yield every place of the project where something has this name."""
    for module in project.files.modules(name):
        inside: dict[ast.AST, Function] = {}
        for function in module.all_functions:
            inside |= dict.fromkeys(nodes_in(function.body.statements), function)
        for node in nodes_in(module.body.statements):
            if isinstance(node, (ast.Name, ast.Attribute)) and last_name(node) == name:
                yield module, inside.get(node), node


def _wait(draft: Draft, module: Module, function: Function | None, use: ast.expr) -> None:
    """Turn `with` into `async with`. Raises `WithheldError` where a lock is used otherwise."""
    item = parent(use)
    statement = parent(item) if isinstance(item, ast.withitem) else None
    if isinstance(item, ast.withitem) and item.context_expr is use and isinstance(statement, ast.With):
        if function is None or not function.is_async:
            raise WithheldError(f"{last_name(use)} is held in a thread, too")
        if len(statement.items) > 1 or item.optional_vars is not None:
            raise WithheldError("the `with` opens more than the lock")
        draft.replace_start(module, statement, "with", "async with")
        return
    raise WithheldError(f"{last_name(use)} is not only held by `with`")

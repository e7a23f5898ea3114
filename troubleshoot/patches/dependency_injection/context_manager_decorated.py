"""The dependency loses its decorator, and whoever enters it makes the context manager there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.callers import callers
from troubleshoot.code.topics.parameters import injected
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import undecorate
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the decorator away; `with get_db()` becomes `with contextmanager(get_db)()`, and so do other names of it."""
    function, decorator, project = sighting.function, sighting.node, draft.project
    assert function is not None
    assert isinstance(decorator, ast.expr)
    path = project.path(decorator, Scope(function.module, function.outer))
    for holder in _entering(project, function):
        raise WithheldError(f"{holder.qualname} enters what is injected")
    undecorate(draft, sighting.module, decorator)
    used: set[ast.expr] = set()
    for where, call in callers(project, function):
        if project.value(call.func, where) is None:
            raise WithheldError(f"line {call.lineno} of {_module(where).path} may call it, or something of its name")
        used.add(call.func)
        _wrap(draft, _module(where), call.func, path)
    for module in project.files.modules(function.name):
        for value in (item for values in module.body.assigned.values() for item in values):
            if isinstance(value, (ast.Name, ast.Attribute)) and _function(project, value, module) is function:
                used.add(value)
                _wrap(draft, module, value, path)
        for node in _handed_on(module, function, used):
            raise WithheldError(f"line {node.lineno} of {module.path} hands it on, and what becomes of it is not seen")


def _wrap(draft: Draft, module: Module, node: ast.expr, path: str) -> None:
    draft.replace(module, node, f"{draft.name(module, path)}({draft.text(module, node)})")


def _entering(project: Project, function: Function) -> Iterator[Function]:
    """Yield the functions that are given the context manager, as by older releases of FastAPI, and enter it."""
    holders = dict.fromkeys(use.holder for use in project.dependencies if use.holder is not None)
    for holder in holders:
        names = {
            name
            for name, (call, scope) in injected(project, holder).items()
            if call.args and _function(project, call.args[0], scope) is function
        }
        for item in (item for entered in holder.body.withs for item in entered.items):
            if last_name(item.context_expr) in names:
                yield holder


def _handed_on(module: Module, function: Function, used: set[ast.expr]) -> Iterator[ast.expr]:
    """Yield where a function's name is written and neither called, given to Depends, nor the key of an override."""
    known = {id(item) for item in used}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and last_name(node.func) in {path.rpartition(".")[2] for path in DEPENDS}:
            known |= {id(item) for item in (*node.args, *(item.value for item in node.keywords))}
        elif isinstance(node, ast.Subscript):
            known.add(id(node.slice))
        elif isinstance(node, ast.Dict):
            known |= {id(item) for item in node.keys}
    kind = ast.Name if function.owner is None else ast.Attribute
    for node in ast.walk(module.tree):
        if isinstance(node, kind) and last_name(node) == function.name and id(node) not in known:
            yield node


def _function(project: Project, node: ast.expr, where: Module | Scope) -> Function | None:
    value = project.value(node, where)
    called = value.function if isinstance(value, Bound) else value
    return called if isinstance(called, Function) else None


def _module(where: Function | Module) -> Module:
    return where.module if isinstance(where, Function) else where

"""Functions that run a coroutine in an event loop of its own, and the engines that the coroutine uses in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.application.origins import origin_of
from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.arguments import arguments
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import argument, is_name, keyword, last_name, text_of

FACTORIES = ("sqlalchemy.ext.asyncio.async_sessionmaker", "sqlalchemy.orm.sessionmaker")
ENGINE = "sqlalchemy.ext.asyncio.create_async_engine"
LOOPLESS = re.compile(r"sqlite|\+psycopg")
"""In a URL: drivers whose connections may be used in another loop, or of which nobody has seen that they may not."""
STEPS = 5
"""How many calls lie between a coroutine and the session that it opens, at most."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that a module makes when it is imported."""

    name: str
    module: Module
    call: ast.Call


def run_alone(project: Project, function: Function) -> Iterator[tuple[ast.Call, ast.Call, Scope]]:
    """Yield the calls that run a coroutine in a new loop, with the call that makes the coroutine and its scope."""
    scope = Scope.of(function)
    for call in function.body.calls:
        if not call.args or not isinstance(call.args[0], ast.Call):
            continue
        if _is_run(project, call, scope):
            yield call, call.args[0], scope
            continue
        called = project.value(call.func, scope)
        helper = function_of(called, project.inference)
        if called is None or helper is None or helper.is_async:
            continue
        given = [name for name, node in arguments(called, helper, call).items() if node is call.args[0]]
        runs = (item for item in helper.body.calls if item.args and _is_run(project, item, Scope.of(helper)))
        if any(is_name(item.args[0], name) for item in runs for name in given):
            yield call, call.args[0], scope


def _is_run(project: Project, call: ast.Call, scope: Scope) -> bool:
    """Return whether a call runs a coroutine in a loop that it makes, and that nobody uses again."""
    path = project.path(call.func, scope)
    if path != "asyncio.new_event_loop().run_until_complete":
        return path == "asyncio.run"
    assert scope.function is not None
    loop = call.func.value if isinstance(call.func, ast.Attribute) else None
    kept = {name for item in ast.walk(scope.function.node) if isinstance(item, ast.Global) for name in item.names}
    return not isinstance(loop, ast.Name) or (loop.id in scope.function.body.assigned and loop.id not in kept)


def shared_engine(project: Project, coroutine: ast.Call, scope: Scope) -> Engine | None:
    """Return the engine of a module that a coroutine opens sessions of; None if it, or whatever it calls, ends one."""
    found: list[Engine] = []
    seen: set[Function] = set()
    queue = [(coroutine, scope, 0)]
    while queue:
        call, where, depth = queue.pop()
        called = project.value(call.func, where)
        function = function_of(called, project.inference)
        if called is None or function is None or function in seen or depth > STEPS:
            continue
        seen.add(function)
        inside = Scope(function.module, function, project.inference.bindings(called, call, where))
        for item in function.body.calls:
            if last_name(item.func) == "dispose":
                return None
            engine = _engine_of(project, item.func, inside)
            if engine is not None:
                found.append(engine)
            queue.append((item, inside, depth + 1))
    return found[0] if found else None


def _engine_of(project: Project, factory: ast.expr, scope: Scope) -> Engine | None:
    """Return the engine of whose sessions something is the factory, if both are made at import."""
    made = _made(project, factory, scope)
    if made is None or project.path(made[1].func, made[0]) not in FACTORIES:
        return None
    engine = _made(project, argument(made[1], 0, "bind"), Scope(made[0]))
    if engine is None or project.path(engine[1].func, engine[0]) != ENGINE or keyword(engine[1], "poolclass"):
        return None
    module, call, name = engine
    is_of_no_loop = LOOPLESS.search(text_of(argument(call, 0, "url")))
    return None if is_of_no_loop or any(item.arg is None for item in call.keywords) else Engine(name, module, call)


def _made(project: Project, node: ast.expr | None, scope: Scope) -> tuple[Module, ast.Call, str] | None:
    """Return the call whose result a name of a module has, and nothing else."""
    node, scope = _imported(project, node, scope)
    origin = origin_of(project.inference, node, scope) if isinstance(node, (ast.Name, ast.Attribute)) else None
    module = project.files.module(origin[0]) if origin is not None and "." not in origin[1] else None
    values = module.body.assigned.get(origin[1], []) if origin is not None and module is not None else []
    if origin is None or module is None or len(values) != 1 or not isinstance(values[0], ast.Call):
        return None
    return module, values[0], origin[1]


def _imported(project: Project, node: ast.expr | None, scope: Scope) -> tuple[ast.expr | None, Scope]:
    """Return a name, and where it is read, as the module has it that a function imports it from."""
    function = scope.function
    while function is not None and isinstance(node, ast.Name):
        for statement in function.body.imports:
            if isinstance(statement, ast.ImportFrom):
                module = project.inference.module_of(statement, function.module)
                original = next((item.name for item in statement.names if node.id == (item.asname or item.name)), "")
                if original and isinstance(module, Module):
                    return ast.Name(original, ast.Load()), Scope(module)
        function = function.outer
    return node, scope

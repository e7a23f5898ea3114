"""What several detectors want to know of work that outlives its request."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.reach import ADD_TASK
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, keyword, last_name, mentions, parent

CREATES = ("asyncio.create_task", "asyncio.ensure_future")
LOOPS = ("loop", "event_loop")
COLLECTS = ("append", "extend", "add")


def started_tasks(project: Project, function: Function) -> list[ast.Call]:
    """Return the calls by which `function` starts tasks of asyncio that belong to no group."""
    if function not in project.started:
        project.started[function] = list(_started(project, function))
    return project.started[function]


def _started(project: Project, function: Function) -> Iterator[ast.Call]:
    if not (function.module.mentions(b"create_task") or function.module.mentions(b"ensure_future")):
        return
    for call in function.body.calls:
        path = project.path(call.func, function)
        # Whatever library hands on asyncio, or a loop that it keeps, the task is one of asyncio's.
        is_handed_on = path.endswith((".asyncio.create_task", ".loop.create_task"))
        if path in CREATES or is_handed_on or (not path and _is_of_loop(call)):
            yield call


def _is_of_loop(call: ast.Call) -> bool:
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr != "create_task":
        return False
    return last_name(func.value) in LOOPS


def is_dropped(call: ast.Call) -> bool:
    """Return whether the result of a call is thrown away, at once or after something was called on it."""
    made: ast.AST = call
    while isinstance(around := parent(made), ast.Attribute) and isinstance(called := parent(around), ast.Call):
        if called.func is not around:
            return False
        made = called
    return isinstance(around, ast.Expr)


def added_tasks(project: Project, function: Function) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Yield the calls that hand work to a response, with what is handed over."""
    if not any(function.module.mentions(word) for word in (b"add_task", b"BackgroundTask")):
        return
    for call in function.body.calls:
        index = ADD_TASK.get(project.path(call.func, function))
        if index is None and _is_named_add_task(call, function, project):
            index = 0
        if index is not None:
            given = call.args[index] if len(call.args) > index else keyword(call, "func")
            if given is not None:
                yield call, given


def _is_named_add_task(call: ast.Call, function: Function, project: Project) -> bool:
    """Return whether a call is `….add_task(…)` on something that only its name tells."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "add_task":
        return False
    return project.value(call.func.value, function) is None and "task" in ast.unparse(call.func.value)


def handed_over(call: ast.Call, given: ast.expr) -> list[ast.expr]:
    """Return the arguments that go to the function which is handed over."""
    return [item for item in call.args if item is not given] + [
        item.value for item in call.keywords if item.value is not given and item.arg is not None
    ]


def coroutine_of(call: ast.Call) -> ast.Call | None:
    """Return the call that makes the coroutine of a task; None if it is made elsewhere."""
    made = call.args[0] if call.args else keyword(call, "coro")
    return made if isinstance(made, ast.Call) else None


def coroutine_function(project: Project, call: ast.Call, scope: Scope) -> Function | None:
    """Return the function that a task is made of, if it is one of the project."""
    made = coroutine_of(call)
    if made is None:
        return None
    value = project.value(made.func, scope)
    called = getattr(value, "function", value)
    return called if isinstance(called, Function) else None


def coroutine_name(project: Project, call: ast.Call, scope: Scope) -> str:
    """Return the name of the function that a task is made of, or the empty string."""
    called = coroutine_function(project, call, scope)
    return called.name if called else ""


def is_waited_for(call: ast.Call, function: Function) -> bool:
    """Return whether `function` waits for, or cancels, the task that a call starts, by any name that it is given."""
    names: set[str] = set()
    for around in ancestors(call):
        if isinstance(around, (ast.Await, ast.Return, ast.Yield)):
            return True
        names |= _containers(around)
    body = function.body
    for item in body.calls:
        if any(mentions(given, names) for given in item.args):
            names |= _containers(item)
    for name, values in (*body.assigned.items(), *((name, [over]) for name, over in body.looped.items())):
        if any(mentions(value, names) for value in values):
            names.add(name)
    waits: list[ast.AST] = [*body.awaits, *body.returns, *(item for item in body.attributes if item.attr == "cancel")]
    return any(mentions(item, names) for item in waits)


def _containers(node: ast.AST) -> set[str]:
    """Return the local names that an assignment or `….append(…)` puts something into."""
    targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        targets = [node.target]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COLLECTS:
        targets = [node.func.value]
    found = (target.value if isinstance(target, ast.Subscript) else target for target in targets)
    return {target.id for target in found if isinstance(target, ast.Name)}

"""Which exceptions a function raises on purpose, and which `except` gets them first."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from http import HTTPStatus

from troubleshoot.code.inference.branches import running
from troubleshoot.code.inference.values import Bound, Instance, Scope, Value
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, argument, keyword, last_name, tries, types_caught
from troubleshoot.code.topics.handing_on import passes_on

HTTP_EXCEPTION = "fastapi.HTTPException"
BROAD = ("builtins.Exception", "builtins.BaseException")
MOST_CALLS = 3
"""How many calls lie between a `try` and the HTTPException raised below it, at most."""


def is_broad(project: Project, handler: ast.ExceptHandler, function: Function) -> bool:
    """Return whether an `except` takes every exception."""
    return handler.type is None or project.is_exception(handler.type, function, *BROAD)


def is_http(project: Project, value: Value | None) -> bool:
    """Return whether a value is HTTPException or a class of the project derived from it, or an object of one."""
    if isinstance(value, str):
        return value.removesuffix("()") == HTTP_EXCEPTION
    cls = value.of if isinstance(value, Instance) else value
    return hasattr(cls, "methods") and project.inference.is_a(cls, HTTP_EXCEPTION)  # type: ignore[arg-type]


def http_catcher(project: Project, function: Function, node: ast.AST) -> ast.ExceptHandler | None:
    """Return the `except` of `function` in which an HTTPException raised at `node` ends, or None if it leaves."""
    for attempt in tries(node):
        if attempt not in project.catching:
            handler = next((item for item in attempt.handlers if _takes_http(project, item, function)), None)
            is_last = handler is not None and not passes_on(project, handler, function)
            project.catching[attempt] = handler if is_last else None
        if (known := project.catching[attempt]) is not None:
            return known
    return None


def _takes_http(project: Project, handler: ast.ExceptHandler, function: Function) -> bool:
    if is_broad(project, handler, function):
        return True
    return any(is_http(project, project.value(item, function)) for item in types_caught(handler))


def http_raises(project: Project, scope: Scope) -> Iterator[tuple[ast.Raise, ast.expr]]:
    """Yield the statements that raise an HTTPException, with the expression that makes it where that is known."""
    function = scope.function
    for statement in running(function.body.raises, scope) if function is not None else ():
        made = statement.exc
        if made is not None and function is not None and is_http(project, project.value(made, scope)):
            if isinstance(made, ast.Name) and function.body.assigned.get(made.id):
                made = function.body.assigned[made.id][0]
            yield statement, made


def let_out(project: Project, call: ast.Call, scope: Scope, depth: int = 0) -> tuple[Function, ast.expr] | None:
    """Return the function of the project that a call runs, with an HTTPException that it lets out; None without one.

    What the call's literals lead past is not looked at.
    """
    called = project.value(call.func, scope)
    function = _run_at_once(called)
    if called is None or function is None or function is scope.function:
        return None
    made = _escaping(project, Scope(function.module, function, project.inference.bindings(called, call, scope)), depth)
    return (function, made) if made is not None else None


def _escaping(project: Project, scope: Scope, depth: int) -> ast.expr | None:
    """Return an HTTPException that a function, or one that it calls, lets out; None if there is none."""
    function = scope.function
    assert function is not None
    for statement, made in http_raises(project, scope):
        if http_catcher(project, function, statement) is None and not _in_handler(statement):
            return made
    for call in running(function.body.calls, scope) if depth < MOST_CALLS else ():
        if http_catcher(project, function, call) is None:
            found = let_out(project, call, scope, depth + 1)
            if found is not None:
                return found[1]
    return None


def _in_handler(node: ast.AST) -> bool:
    return any(isinstance(around, ast.ExceptHandler) for around in ancestors(node))


def called_function(project: Project, call: ast.Call, function: Function) -> Function | None:
    """Return the function or method of the project that a call runs at once, or None."""
    return _run_at_once(project.value(call.func, function))


def _run_at_once(value: Value | None) -> Function | None:
    called = value.function if isinstance(value, Bound) else value
    return called if isinstance(called, Function) and not called.is_generator else None


def http_sources(
    project: Project, function: Function, is_dependency: bool
) -> Iterator[tuple[ast.AST, ast.expr | None, str]]:
    """Yield where an HTTPException comes up, with what makes it, and its place in words.

    It is raised here, let out by a called function, or thrown in at a `yield`.
    """
    scope = Scope.of(function)
    for statement, made in http_raises(project, scope):
        yield statement, made, f"of line {statement.lineno}"
    for call in function.body.calls:
        if http_catcher(project, function, call) is not None:
            found = let_out(project, call, scope)
            if found is not None:
                called, theirs = found
                yield call, theirs, f"that {called.qualname}() raises"
    for item in function.body.yields if is_dependency else ():
        yield item, None, "of an endpoint"


def status_of(made: ast.expr) -> str:
    """Return the source of the status that `HTTPException(…)` is made with, or the empty string.

    What a class of the project's own is given first is something else.
    """
    if not isinstance(made, ast.Call):
        return ""
    is_own = not last_name(made.func).endswith("HTTPException")
    status = keyword(made, "status_code") if is_own else argument(made, 0, "status_code")
    return ast.unparse(status) if status is not None else ""


def code_of(answer: ast.expr) -> int:
    """Return the status that an answer or an HTTPException is written with, or 0 where it is not said."""
    if not isinstance(answer, ast.Call):
        return 0
    status = argument(answer, int(last_name(answer.func).endswith("Response")), "status_code")
    if isinstance(status, ast.Attribute) and status.attr in HTTPStatus.__members__:
        return int(HTTPStatus[status.attr])
    found = re.fullmatch(r"(?:.*\bHTTP_)?([1-5]\d\d)(?:_\w+)?", ast.unparse(status)) if status is not None else None
    return int(found[1]) if found is not None else 0


def is_same_answer(made: ast.expr | None, instead: ast.expr) -> bool:
    """Return whether a client sees no difference between two exceptions."""
    if not isinstance(made, ast.Call) or not isinstance(instead, ast.Call) or status_of(made) != status_of(instead):
        return False
    first, second = (argument(call, 1, "detail") for call in (made, instead))
    return first is second is None or (first is not None and second is not None and ast.dump(first) == ast.dump(second))

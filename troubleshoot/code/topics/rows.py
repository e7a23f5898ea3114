"""Objects that belong to a session: rows of mapped classes, and services that hold a session themselves."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.inference.arguments import arguments
from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import is_name, last_name
from troubleshoot.code.topics.callers import callers
from troubleshoot.code.topics.queries import CONNECTIONS

MOST_CALLS = 3
"""How many methods of one object are followed into each other."""
VALIDATING = ("model_validate", "model_validate_json", "model_construct", "parse_obj", "parse_raw")
"""Methods of SQLModel's classes that make an object of data, which no session knows yet."""
STORING = re.compile(r"(?!.*task)(?:.*_)?(?:add|create|insert|merge|save|store|update|upsert|write)(?:_.*)?")
"""Names of what hands an object to a session."""
CLOSES = ("close", "aclose")


def is_mapped(project: Project, cls: Class) -> bool:
    """Return whether a class is a table of SQLAlchemy or SQLModel."""
    if (
        "__tablename__" in cls.body.assigned
        or "__tablename__" in cls.methods
        or any(item.arg == "table" for item in cls.node.keywords)
    ):
        return True
    return any(isinstance(base, Class) and is_mapped(project, base) for base in project.inference.bases(cls))


def selects_row(project: Project, made: ast.expr, scope: Scope) -> bool:
    """Return whether an expression asks a session for objects of a mapped class."""
    if not project.path(made, scope).startswith(CONNECTIONS):
        return False
    for call in ast.walk(made):
        name = last_name(call.func) if isinstance(call, ast.Call) else ""
        if isinstance(call, ast.Call) and name in ("get", "get_one", "query", "select") and call.args:
            entity = project.value(call.args[0], scope)
            if isinstance(entity, Class) and is_mapped(project, entity):
                return True
    return False


def is_only_data(project: Project, name: str, function: Function, calls: int = MOST_CALLS) -> bool:
    """Return whether a row is made of data, here or by everyone who hands it in, and is given to no session."""
    if any(_is_stored(name, call) for call in function.body.calls):
        return False
    values = function.body.assigned.get(name)
    if values:
        return all(isinstance(value, ast.Call) and last_name(value.func) in VALIDATING for value in values)
    given = (
        [_given(project, name, function, where, call) for where, call in callers(project, function)] if calls else []
    )
    return bool(given) and all(
        where is not None and is_only_data(project, their_name, where, calls - 1) for their_name, where in given
    )


def _is_stored(name: str, call: ast.Call) -> bool:
    """Return whether a variable is given to what stores it, or stores itself."""
    given = [*call.args, *(item.value for item in call.keywords), getattr(call.func, "value", None)]
    return STORING.fullmatch(last_name(call.func)) is not None and any(is_name(item, name) for item in given)


def _given(
    project: Project, name: str, function: Function, where: Function | Module, call: ast.Call
) -> tuple[str, Function | None]:
    """Return the variable that a call gives as a parameter, and the function it belongs to; None for another thing."""
    called = project.value(call.func, where)
    node = arguments(called, function, call).get(name) if called is not None else None
    return (node.id, where) if isinstance(node, ast.Name) and isinstance(where, Function) else ("", None)


def steps_from_session(project: Project, node: ast.expr | None, function: Function) -> list[str]:
    """Return the methods called on a session, one on what the other gives, that make an expression; else nothing."""
    path = project.path(node, function)
    holder = next((item for item in CONNECTIONS if path.startswith(f"{item}.")), None)
    return [step.removesuffix("()") for step in path[len(holder) + 1 :].split(".")] if holder is not None else []


def closes_session(project: Project, made: ast.Call, scope: Scope) -> bool:
    """Return whether a task closes the session that it is given: whoever starts it has left the session to it."""
    value = project.value(made.func, scope)
    work = project.inference.receiver(value) if value is not None else None
    if value is None or work is None:
        return False
    given = {name for name, item in arguments(value, work, made).items() if project.value(item, scope) in CONNECTIONS}
    return any(
        isinstance(item.func, ast.Attribute) and item.func.attr in CLOSES and last_name(item.func.value) in given
        for item in work.body.calls
    )


def holds_session(project: Project, cls: Class) -> bool:
    """Return whether an attribute of a class's objects is a session."""
    names = {*cls.attributes, *cls.annotations}
    return any(project.inference.attribute(cls, name) in CONNECTIONS for name in names)


def uses_session(project: Project, method: Function, depth: int = 0) -> bool:
    """Return whether a method, or one that it calls on the same object, reads an attribute that is a session."""
    me = method.params[0].name if method.params else ""
    for item in method.body.attributes:
        if isinstance(item.value, ast.Name) and item.value.id == me and depth < MOST_CALLS:
            value = project.value(item, method)
            if value in CONNECTIONS:
                return True
            called = value.function if isinstance(value, Bound) else None
            if called is not None and called is not method and uses_session(project, called, depth + 1):
                return True
    return False

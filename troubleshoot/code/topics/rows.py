"""Objects that belong to a session: rows of mapped classes, and services that hold a session themselves."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.arguments import arguments
from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import last_name, mentions
from troubleshoot.code.topics.callers import callers
from troubleshoot.code.topics.queries import CONNECTIONS

MOST_CALLS = 3
"""How many methods of one object are followed into each other."""
OF_DATA = frozenset(("model_validate", "model_validate_json", "model_construct", "parse_obj", "parse_raw"))
"""What makes an object of data, with no session."""
TAKES_IN = frozenset(("add", "add_all", "merge", "save", "create", "refresh"))
"""What gives an object to a session."""


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


def steps_from_session(project: Project, node: ast.expr | None, function: Function) -> list[str]:
    """Return the methods called on a session, one on what the other gives, that make an expression; else nothing."""
    path = project.path(node, function)
    holder = next((item for item in CONNECTIONS if path.startswith(f"{item}.")), None)
    return [step.removesuffix("()") for step in path[len(holder) + 1 :].split(".")] if holder is not None else []


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


def is_of_data(project: Project, item: ast.Name, function: Function, depth: int = MOST_CALLS) -> bool:
    """Return whether an object is made of data, and given to no session: there, or by all who call the function."""
    made = function.body.assigned.get(item.id)
    if made is not None:
        taken_in = any(last_name(call.func) in TAKES_IN and mentions(call, {item.id}) for call in function.body.calls)
        return not taken_in and all(last_name(getattr(value, "func", None)) in OF_DATA for value in made)
    given = [
        (where, arguments(value, function, call).get(item.id) if value is not None else None)
        for where, call in callers(project, function)
        for value in [project.value(call.func, where)]
    ]
    return (
        depth > 0
        and bool(given)
        and all(
            isinstance(where, Function) and isinstance(name, ast.Name) and is_of_data(project, name, where, depth - 1)
            for where, name in given
        )
    )

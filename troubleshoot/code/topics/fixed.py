"""Text that is always one of the project's own, whoever calls, and text that a client sends."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.arguments import arguments
from troubleshoot.code.inference.values import Instance
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import argument, last_name
from troubleshoot.code.topics.callers import callers
from troubleshoot.code.topics.guards import is_checked
from troubleshoot.code.topics.statements import free_parameter

MOST_CALLS = 4
"""How many calls a text is followed back."""

TYPES = ("int", "str", "float", "bool")


def is_fixed(project: Project, name: str, function: Function, calls: int = MOST_CALLS) -> bool:
    """Return whether all who call a function give a literal as a parameter, or an object that has nothing else."""
    param = next((item for item in function.params if item.name == name), None)
    if param is None or is_checked(name, function):
        return param is not None
    kind = project.inference.parameter(param, function)
    if isinstance(kind, Instance):
        return _has_literals(project, kind.of)
    if not calls or function in set(project.called_as("path operation", "dependency", "websocket endpoint")):
        return False
    found = [(where, call, project.value(call.func, where)) for where, call in callers(project, function)]
    return bool(found) and all(
        called is not None
        and _is_fixed(project, arguments(called, function, call).get(name, param.default), where, calls - 1)
        for where, call, called in found
    )


def is_sent(project: Project, name: str, function: Function, calls: int = MOST_CALLS) -> bool:
    """Return whether one of those who call a function gives as a parameter what a client sends."""
    if function in set(project.called_as("path operation", "dependency")):
        return True
    index = [param.name for param in function.params if param.name not in ("self", "cls")].index(name)
    for where, call in callers(project, function) if calls else ():
        given = argument(call, index, name)
        free = free_parameter(given, where) if given is not None and isinstance(where, Function) else ""
        if free and isinstance(where, Function) and is_sent(project, free, where, calls - 1):
            return True
    return False


def _is_fixed(project: Project, node: ast.expr | None, where: Function | Module, calls: int) -> bool:
    """Return whether an expression is a literal, a constant by its name, or what a function itself is given as one."""
    if isinstance(node, (ast.Name, ast.Attribute)) and last_name(node).isupper():
        return True
    if not isinstance(node, ast.Name) or not isinstance(where, Function):
        return isinstance(node, ast.Constant)
    assigned = where.body.assigned.get(node.id, ())
    if any(isinstance(item, ast.Name) and item.id == node.id for item in assigned):
        return False
    if assigned:
        return all(_is_fixed(project, item, where, calls) for item in assigned)
    return is_fixed(project, node.id, where, calls)


def _has_literals(project: Project, cls: Class) -> bool:
    """Return whether every object of a class is made of literals and types, as the entries of a table are."""
    given = [
        item
        for module in project.files.modules(cls.name)
        for body in (module.body, *(function.body for function in module.all_functions))
        for call in body.calls
        if last_name(call.func) == cls.name
        for item in (*call.args, *(item.value for item in call.keywords))
    ]
    return bool(given) and all(isinstance(item, ast.Constant) or last_name(item) in TYPES for item in given)

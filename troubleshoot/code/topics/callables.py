"""What a call may give: something that can itself be called, or only a value."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Bound, Instance, Scope, Value
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.queries import CONNECTIONS

PLAIN = (ast.Constant, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.JoinedStr, ast.Compare)
ANYTHING = ("Any", "object", "Callable")
"""Annotations that say nothing of what is given."""
PLAIN_TYPES = ("None", "str", "int", "bool", "float", "dict", "list")


def may_make_callable(project: Project, function: Function) -> bool:
    """Return whether what a plain function returns could be called; where it is not understood, it could."""
    if function.node.returns is not None and ast.unparse(function.node.returns) in PLAIN_TYPES:
        return False
    given = [item.value for item in function.body.returns if item.value is not None]
    return any(not isinstance(item, PLAIN) and may_be_called(project, project.value(item, function)) for item in given)


def may_be_called(project: Project, value: Value | None) -> bool:
    """Return whether a value could be called; where it is not understood, it could."""
    if isinstance(value, Instance):
        unknown = len(project.inference.bases(value.of)) < len(value.of.node.bases)
        return unknown or project.inference.method(value.of, "__call__") is not None
    return (
        value is None
        or isinstance(value, (Function, Class, Bound))
        or (isinstance(value, str) and value not in CONNECTIONS)
    )


def is_one_thing(project: Project, node: ast.expr, where: Function | Module) -> bool:
    """Return whether an expression is the same function, or method of one class, whichever way the program went.

    It is not if it is assigned, defined or imported in several ways, if a condition chooses, or if it comes from a
    call of a function that returns several things.
    """
    match node:
        case ast.Await(value=inner) | ast.NamedExpr(value=inner):
            return is_one_thing(project, inner, where)
        case ast.Attribute(value=holder):
            return is_one_thing(project, holder, where)
        case ast.Name(id=name):
            return _is_bound_once(project, name, where)
        case ast.Call(func=func):
            value = project.value(func, where)
            called = value.function if isinstance(value, Bound) else value
            if not is_one_thing(project, func, where):
                return False
            return not isinstance(called, Function) or _gives_one_thing(project, called)
        case _:
            return not isinstance(node, (ast.IfExp, ast.BoolOp, ast.Subscript))


def is_one_of_several(project: Project, node: ast.expr, where: Function | Module) -> bool:
    """Return whether a method's object is declared to be of one class or of another one, which have it both."""
    found = _declared(project, node.value, where) if isinstance(node, ast.Attribute) else None
    if found is None:
        return False
    declared, function = found
    kinds = {project.inference.annotation(item, Scope.of(function)) for item in _alternatives(declared)}
    return len(kinds - {None}) > 1


def _declared(project: Project, node: ast.expr, where: Function | Module) -> tuple[ast.expr, Function] | None:
    """Return the annotation of a parameter, or of the one that an object's attribute is set to, and whose it is."""
    if isinstance(node, ast.Name) and isinstance(where, Function):
        annotation = next((param.annotation for param in where.params if param.name == node.id), None)
        return (annotation, where) if annotation is not None else None
    holder = project.value(node.value, where) if isinstance(node, ast.Attribute) else None
    owners = [holder.of] if isinstance(holder, Instance) else []
    for owner in owners:
        owners += [base for base in project.inference.bases(owner) if isinstance(base, Class) and base not in owners]
        value, method = owner.attributes.get(last_name(node), (None, None))
        if isinstance(value, ast.Name) and method is not None:
            return _declared(project, value, method)
    return None


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """Return the types that an annotation names, of which a value has one."""
    if isinstance(node, ast.BinOp):
        return [*_alternatives(node.left), *_alternatives(node.right)]
    if isinstance(node, ast.Subscript) and last_name(node.value) in ("Union", "Optional"):
        return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    return [node]


def _gives_one_thing(project: Project, function: Function) -> bool:
    declared = function.node.returns
    if function.is_generator or (declared is not None and last_name(declared) not in ANYTHING):
        return True
    given = [item.value for item in function.body.returns]
    return len(given) == 1 and given[0] is not None and is_one_thing(project, given[0], function)


def _is_bound_once(project: Project, name: str, where: Function | Module) -> bool:
    if isinstance(where, Function) and name not in where.names:
        return _is_bound_once(project, name, where.outer or where.module)
    body = where.body
    assigned = [value for value in body.assigned.get(name, ()) if not isinstance(value, ast.Constant)]
    found: set[object] = {project.value(value, where) for value in assigned}
    if isinstance(where, Function):
        found |= {project.inference.parameter(param, where) for param in where.params if param.name == name}
    found |= {kind for kind in ("nested", "classes", "looped", "entered") if name in getattr(body, kind)}
    imports = [item for item in body.imports if any((alias.asname or alias.name) == name for alias in item.names)]
    if name in body.redefined or len(found) + len(imports) > 1:
        return False
    return all(is_one_thing(project, value, where) for value in assigned) and all(
        _is_imported_once(project, item, name, where) for item in imports
    )


def _is_imported_once(
    project: Project, statement: ast.Import | ast.ImportFrom, name: str, where: Function | Module
) -> bool:
    module = where.module if isinstance(where, Function) else where
    target = project.inference.module_of(statement, module) if isinstance(statement, ast.ImportFrom) else None
    if not isinstance(target, Module) or target is module:
        return True
    original = next(item.name for item in statement.names if (item.asname or item.name) == name)
    return _is_bound_once(project, original, target)

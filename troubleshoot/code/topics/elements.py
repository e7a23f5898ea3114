"""What a loop goes through: rows that a query gave, or a list that a client sends; or a few things that are there."""

from __future__ import annotations

import ast

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.inference.values import Elements, Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import COMPREHENSIONS, keyword, last_name
from troubleshoot.code.topics.limits import FEW, is_short
from troubleshoot.code.topics.loops import unwrapped
from troubleshoot.code.topics.reads import Read, read_by

STEPS = 4
"""How many variables lie between a loop and the query whose rows it goes through, at most."""
OF_A_MAPPING = frozenset(("items", "keys", "values"))
LISTS = frozenset(("conlist", "list", "List", "Sequence", "Iterable", "set", "Set", "tuple", "Tuple", "Collection"))


def are_many(project: Project, over: ast.expr, reached: Reached, known: dict[Function, Read | None]) -> bool:
    """Return whether a loop goes through as many elements as a table has rows, or as a client sends.

    What belongs to a module, and the kinds that a mapping has, are few.
    """
    return _are_many(project, over, reached, known, STEPS)


def _are_many(
    project: Project, over: ast.expr, reached: Reached, known: dict[Function, Read | None], steps: int
) -> bool:
    over = unwrapped(over)
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute) and over.func.attr in OF_A_MAPPING:
        return False
    if isinstance(over, ast.Call) and _is_capped(over, reached):
        return False
    if isinstance(over, ast.Name):
        function = reached.function
        for param in function.params:
            if param.name == over.id and _is_list(param.annotation):
                return not is_short((param.annotation, param.default), Scope.of(function))
        values = function.body.assigned.get(over.id, ())
        return steps > 0 and any(_are_many(project, value, reached, known, steps - 1) for value in values)
    if isinstance(over, ast.Attribute):
        return _is_held(project, over, reached)
    if isinstance(over, COMPREHENSIONS):
        return steps > 0 and _are_many(project, over.generators[0].iter, reached, known, steps - 1)
    if any(isinstance(item, ast.Call) and read_by(project, item, reached.scope, known) for item in ast.walk(over)):
        return True
    # What is called on a result: `result.scalars().all()`.
    base = over
    while isinstance(base, (ast.Attribute, ast.Call)):
        base = base.func if isinstance(base, ast.Call) else base.value
    return (
        steps > 0
        and isinstance(base, ast.Name)
        and base is not over
        and _are_many(project, base, reached, known, steps - 1)
    )


def _is_capped(call: ast.Call, reached: Reached) -> bool:
    """Return whether a call asks for no more than a few, by a constant that says what the most is: no page of all."""
    name = last_name(keyword(call, "limit"))
    if not (name.isupper() and "MAX" in name.split("_")):
        return False
    given = reached.function.module.body.assigned.get(name, ())
    return all(isinstance(item, ast.Constant) and isinstance(item.value, int) and item.value <= FEW for item in given)


def _is_short_field(project: Project, cls: Class, name: str) -> bool:
    """Return whether a model declares that a list in it has few elements."""
    for holder in (cls, *(base for base in project.inference.bases(cls) if isinstance(base, Class))):
        declared = (holder.body.annotated.get(name), *holder.body.assigned.get(name, ()))
        if any(declared):
            return is_short(declared, Scope(holder.module))
    return False


def _is_list(annotation: ast.expr | None) -> bool:
    node = (
        annotation.slice if isinstance(annotation, ast.Subscript) and _name(annotation) == "Annotated" else annotation
    )
    node = node.elts[0] if isinstance(node, ast.Tuple) and node.elts else node
    return _name(node) in LISTS


def _name(node: ast.expr | None) -> str:
    node = node.value if isinstance(node, ast.Subscript) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_held(project: Project, over: ast.Attribute, reached: Reached) -> bool:
    """Return whether a list belongs to an object of this call, such as a row or a body, and not to a module."""
    base: ast.expr = over
    while isinstance(base, ast.Attribute):
        base = base.value
    function = reached.function
    is_own = isinstance(base, ast.Name) and base.id in function.names and base.id not in ("self", "cls")
    holder = project.value(over.value, reached.scope)
    if isinstance(holder, Instance) and _is_short_field(project, holder.of, over.attr):
        return False
    return is_own and (holder is None or isinstance(project.value(over, reached.scope), Elements))

"""Mapped classes in source: their relationships, when these are loaded, and their primary key."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.syntax.modules import Class
from troubleshoot.code.syntax.nodes import keyword, last_name, text_of
from troubleshoot.code.topics.queries import Query

EAGER = ("joined", "selectin", "subquery", "immediate")


def lazy_relationships(inference: Inference, entity: Class) -> dict[str, ast.Call]:
    """Return the relationships of a mapped class that are loaded when they are first read, as they are declared."""
    found = {}
    for holder in (entity, *(base for base in inference.bases(entity) if isinstance(base, Class))):
        for name, values in holder.body.assigned.items():
            call = values[-1]
            if isinstance(call, ast.Call) and _is_relationship(call) and not _is_eager(call):
                found[name] = call
    return found


def has_objects(inference: Inference, query: Query, scope: Scope) -> bool:
    """Return whether a query gives objects, and not only columns of them."""
    selected = [item for call in query.selects for item in call.args]
    return not selected or any(
        isinstance(inference.value(item, scope), Class) or not _is_column(item) for item in selected
    )


def _is_column(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(), attr="label")) | ast.Attribute():
            return True
        case _:
            return False


def _is_relationship(call: ast.Call) -> bool:
    name = last_name(call.func)
    return name in ("relationship", "Relationship")


def primary_key(inference: Inference, entity: Class) -> list[str]:
    """Return the names of the columns that are the primary key of a mapped class, as far as they are declared so."""
    return [
        name
        for holder in (entity, *(base for base in inference.bases(entity) if isinstance(base, Class)))
        for name, values in holder.body.assigned.items()
        if isinstance(values[-1], ast.Call)
        and isinstance(flag := keyword(values[-1], "primary_key"), ast.Constant)
        and flag.value is True
    ]


def loading_of(relationship: ast.Call) -> ast.expr | None:
    """Return what a relationship says about when it is loaded."""
    loading = keyword(relationship, "lazy")
    options = keyword(relationship, "sa_relationship_kwargs")
    if isinstance(options, ast.Dict):
        named = zip(options.keys, options.values, strict=True)
        loading = next((value for key, value in named if text_of(key) == "lazy"), loading)
    return loading


def _is_eager(call: ast.Call) -> bool:
    loading = loading_of(call)
    return text_of(loading) in EAGER or (isinstance(loading, ast.Constant) and loading.value is False)

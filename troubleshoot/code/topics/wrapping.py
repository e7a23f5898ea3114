"""What the decorators of a project make of what an endpoint returns."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import AWAITING, last_name, mentions, walk


def is_remade(project: Project, function: Function) -> bool:
    """Return whether a decorator of the project's own answers with something that it builds of what is returned."""
    outside = Scope(function.module, function.outer)
    for item in function.node.decorator_list:
        called = project.value(item.func if isinstance(item, ast.Call) else item, outside)
        decorator = called.function if isinstance(called, Bound) else called
        if isinstance(decorator, Function) and any(_remakes(inner, names) for inner, names in _inside(decorator)):
            return True
    return False


def _inside(function: Function) -> Iterator[tuple[Function, set[str]]]:
    """Yield the functions inside one, at any depth, with the parameters of those around them."""
    names = {param.name for param in function.params}
    for inner in function.functions.values():
        yield inner, names
        yield from ((deeper, names | theirs) for deeper, theirs in _inside(inner))


def _remakes(wrapper: Function, around: Collection[str]) -> bool:
    """Return whether a function returns something made of what one of `around`, which it calls, has returned."""
    assigned = [(name, value) for name, values in wrapper.body.assigned.items() for value in values]
    results = {name for name, value in assigned if _is_result(value, around)}
    made = {name for name, value in assigned if _is_made_of(value, results, around)}
    returned = [item.value for item in wrapper.body.returns if item.value is not None]
    return any(_is_made_of(item, results, around) or mentions(item, made) for item in returned)


def _is_result(node: ast.AST, around: Collection[str]) -> bool:
    """Return whether an expression is what a function that was given returns, called here or in a thread."""
    call = node.value if isinstance(node, ast.Await) else node
    if not isinstance(call, ast.Call):
        return False
    if last_name(call.func) in AWAITING:
        return any(_is_result(item, around) for item in call.args[:1])
    return last_name(call.func) in around or any(last_name(item) in around for item in call.args[:1])


def _is_made_of(node: ast.expr, results: Collection[str], around: Collection[str]) -> bool:
    """Return whether an expression has a result in it, and is more than that."""
    if isinstance(node, ast.Name) or _is_result(node, around):
        return False
    return mentions(node, results) or any(_is_result(item, around) for item in walk(node))

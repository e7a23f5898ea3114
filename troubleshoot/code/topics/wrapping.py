"""What the decorators of a project make of what an endpoint returns."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name, mentions


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
    names = {
        name for name, values in wrapper.body.assigned.items() if any(_is_result(value, around) for value in values)
    }
    made = {
        name for name, values in wrapper.body.assigned.items() if any(_is_made_of(value, names) for value in values)
    }
    return any(
        item.value is not None
        and not _is_result(item.value, around)
        and (_is_made_of(item.value, names) or mentions(item.value, made))
        for item in wrapper.body.returns
    )


def _is_result(node: ast.expr, around: Collection[str]) -> bool:
    """Return whether an expression is what a function that was given returns, called here or in a thread."""
    call = node.value if isinstance(node, ast.Await) else node
    return isinstance(call, ast.Call) and (
        last_name(call.func) in around or any(last_name(item) in around for item in call.args[:1])
    )


def _is_made_of(node: ast.expr, names: Collection[str]) -> bool:
    return not isinstance(node, ast.Name) and mentions(node, names)

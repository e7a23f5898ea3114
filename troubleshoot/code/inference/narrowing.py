"""What `isinstance` says of a name, or of an attribute, at the place where it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.syntax.bodies import Body
from troubleshoot.code.syntax.nodes import LEAVING, nesting, preceding

Narrowed = tuple[ast.expr, bool]
"""A type, or a tuple of types, and whether the name is of it or of none of it."""


def tested_names(body: Body) -> frozenset[str]:
    """Return what a function asks `isinstance` about: names, and attributes as they are written."""
    return frozenset(
        ast.unparse(call.args[0])
        for call in body.calls
        if isinstance(call.func, ast.Name)
        and call.func.id == "isinstance"
        and len(call.args) == 2
        and isinstance(call.args[0], (ast.Name, ast.Attribute))
    )


def narrowed(node: ast.Name | ast.Attribute, body: Body) -> Iterator[Narrowed]:
    """Yield what is known of a name or an attribute where it stands."""
    name = ast.unparse(node)
    for around, inside in nesting(node):
        match around:
            case ast.If() | ast.IfExp() | ast.While() if inside is not around.test:
                block = around.body if isinstance(around.body, list) else [around.body]
                yield from _said_by(around.test, name, holds=inside in block)
            case ast.BoolOp(op=operator, values=values):
                for value in values[: values.index(inside)] if inside in values else ():
                    yield from _said_by(value, name, holds=isinstance(operator, ast.And))
    for statement in preceding(node, body.statements):
        # Behind an `if` that leaves, its test does not hold.
        if isinstance(statement, ast.If) and not statement.orelse and isinstance(statement.body[-1], LEAVING):
            yield from _said_by(statement.test, name, holds=False)


def _said_by(test: ast.expr, name: str, *, holds: bool) -> Iterator[Narrowed]:
    """Yield what a test says of a name if it holds, or if it does not."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _said_by(operand, name, holds=not holds)
        case ast.BoolOp(op=operator, values=values) if isinstance(operator, ast.And) is holds:
            for value in values:
                yield from _said_by(value, name, holds=holds)
        case ast.Call(func=ast.Name(id="isinstance"), args=[asked, types]) if ast.unparse(asked) == name:
            yield types, holds

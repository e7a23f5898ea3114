"""Where tests replace dependencies: `app.dependency_overrides[key] = replacement`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.bodies import Body
from troubleshoot.code.syntax.nodes import parent

NAME = "dependency_overrides"


@dataclass(frozen=True, slots=True)
class Override:
    """One replacement: the mapping that is written to, the key, what replaces it, and the statement's scope."""

    mapping: ast.Attribute
    key: ast.expr
    value: ast.expr
    node: ast.stmt | ast.expr
    scope: Scope


def overrides(project: Project) -> Iterator[Override]:
    """Yield every override, in the order of files."""
    for path in project.files.paths:
        # A test that only imports the application speaks of FastAPI nowhere else.
        module = project.files.module(path) if project.files.holds(path, NAME.encode()) else None
        if module is not None:
            yield from _written(module.body, Scope(module))
            for function in module.all_functions:
                yield from _written(function.body, Scope.of(function))


def _written(body: Body, scope: Scope) -> Iterator[Override]:
    for node in body.subscripts:
        around = parent(node)
        if isinstance(node.value, ast.Attribute) and node.value.attr == NAME and isinstance(around, ast.Assign):
            yield Override(node.value, node.slice, around.value, around, scope)
    for target, value in body.stored_attributes:
        if target.attr == NAME and isinstance(value, ast.Dict):
            yield from _pairs(target, value, parent(target), scope)
    for call in body.calls:
        func = call.func
        mapping = func.value if isinstance(func, ast.Attribute) and func.attr == "update" else None
        given = call.args[0] if call.args else None
        if isinstance(mapping, ast.Attribute) and mapping.attr == NAME and isinstance(given, ast.Dict):
            yield from _pairs(mapping, given, call, scope)


def _pairs(mapping: ast.Attribute, given: ast.Dict, node: ast.AST | None, scope: Scope) -> Iterator[Override]:
    for key, value in zip(given.keys, given.values, strict=True):
        if key is not None and isinstance(node, (ast.stmt, ast.expr)):
            yield Override(mapping, key, value, node, scope)

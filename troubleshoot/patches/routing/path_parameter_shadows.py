"""What takes everything moves behind what it takes the requests from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.blocks import move_behind
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the route with the parameter, the mount or the router, if both stand in one block."""
    earlier, later = sighting.nodes["earlier"], sighting.nodes["later"]
    module = _module_of(draft.project, earlier)
    if module is None or module is not _module_of(draft.project, later):
        raise WithheldError("the two are declared in different files")
    block = module.tree.body
    first, second = _holding(block, earlier), _holding(block, later)
    while first is second and isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef)):
        block = first.body
        first, second = _holding(block, earlier), _holding(block, later)
    for statement, call in ((first, earlier), (second, later)):
        declared = call in getattr(statement, "decorator_list", ()) or getattr(statement, "value", None) is call
        if statement is None or not declared:
            raise WithheldError("the two do not stand in one block")
    assert first is not None
    assert second is not None
    if block.index(first) > block.index(second):
        raise WithheldError("the order of the two does not follow from the lines")
    name = getattr(first, "name", "")
    between = block[block.index(first) + 1 : block.index(second) + 1]
    if any(isinstance(node, ast.Name) and node.id == name for item in between for node in _run_at_once(item)):
        raise WithheldError(f"{name} is used before the place that it would move to")
    move_behind(draft, module, first, second)


def _module_of(project: Project, call: ast.AST) -> Module | None:
    found = [item.scope.module for item in project.routes if item.call is call]
    found += [item.scope.module for item in project.registrations("router", "mount") if item.call is call]
    return found[0] if found else None


def _holding(block: list[ast.stmt], call: ast.AST) -> ast.stmt | None:
    return next((item for item in block if any(node is call for node in ast.walk(item))), None)


def _run_at_once(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield what is run when a statement is, without the bodies of functions."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for item in (*statement.decorator_list, statement.args):
            yield from ast.walk(item)
    else:
        yield from ast.walk(statement)

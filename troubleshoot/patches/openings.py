"""How the session that a function has was opened, and how another function would open one like it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import is_name, nodes_in, parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

ASYNCHRONOUS = "sqlalchemy.ext.asyncio."


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """The call that opens a session, the function it stands in, whether `async with` opens it.

    `taken_by` is the import through which `seen_from` knows the file that it stands in, if that is another one.
    """

    call: ast.Call
    within: Function
    is_async: bool
    taken_by: ast.ImportFrom | None


def opening_of(project: Project, session: ast.Name, function: Function) -> Opening:
    """Return how a session was opened: by a `with` of the function itself, or by what it depends on.

    Raises `WithheldError` where that cannot be seen.
    """
    item = function.body.entered.get(session.id)
    if item is not None:
        return _opened(item, function, None)
    for use in project.dependencies_of(function):
        given, name = use.value, use.given
        if not isinstance(given, Function) or not _is_given_to(use.call, session.id, function):
            continue
        taken_by = _import_of(name, use.scope.module)
        for entered, opened in given.body.entered.items():
            if any(is_name(item.value, entered) for item in given.body.yields):
                return _opened(opened, given, taken_by)
        for assigned, values in given.body.assigned.items():
            made = values[0]
            is_yielded = any(is_name(item.value, assigned) for item in given.body.yields)
            if is_yielded and len(values) == 1 and isinstance(made, ast.Call):
                return Opening(made, given, project.path(made, given).startswith(ASYNCHRONOUS), taken_by)
    raise WithheldError(f"nobody can see how {session.id} is opened")


def opened_for(draft: Draft, opening: Opening, module: Module) -> str:
    """Return the text that opens such a session in a module, importing what it needs there."""
    home = opening.within.module
    text = draft.text(home, opening.call)
    if opening.call.lineno != opening.call.end_lineno:
        raise WithheldError("the session is opened by a call of several lines")
    for name in sorted(set(_names(opening.call))):
        if name in opening.within.names:
            raise WithheldError(
                f"the session is opened with {name}, which {opening.within.qualname} knows when it runs"
            )
        if module is home:
            continue
        statement, origin = home.imports.get(name, (opening.taken_by, name))
        if not isinstance(statement, ast.ImportFrom) or statement.level or not statement.module or origin != name:
            raise WithheldError(f"nobody knows where {module.path} would import {name} from")
        if _imports(home, module):
            raise WithheldError(f"{home.path} imports {module.path}, so the other way round is closed")
        if draft.name(module, f"{statement.module}.{name}") != name:
            raise WithheldError(f"{name} has another name in {module.path}")
    return text


def _opened(item: ast.withitem, function: Function, taken_by: ast.ImportFrom | None) -> Opening:
    block = parent(item)
    if not isinstance(item.context_expr, ast.Call) or not isinstance(block, (ast.With, ast.AsyncWith)):
        raise WithheldError("the session is not opened by a call")
    return Opening(item.context_expr, function, isinstance(block, ast.AsyncWith), taken_by)


def _is_given_to(call: ast.Call, name: str, function: Function) -> bool:
    """Return whether a `Depends(…)` stands in the parameter of this name, or in the alias that annotates it."""
    for param in function.params:
        if param.name == name:
            parts = [item for item in (param.annotation, param.default) if item is not None]
            if any(call is node for part in parts for node in ast.walk(part)):
                return True
            values = function.module.body.assigned.get(getattr(param.annotation, "id", ""), [])
            return any(call is node for value in values for node in ast.walk(value))
    return False


def _import_of(given: ast.expr | None, module: Module) -> ast.ImportFrom | None:
    statement, _ = module.imports.get(getattr(given, "id", ""), (None, ""))
    return statement if isinstance(statement, ast.ImportFrom) else None


def _names(call: ast.Call) -> Iterator[str]:
    for node in ast.walk(call):
        if isinstance(node, ast.Name) and not hasattr(builtins, node.id):
            yield node.id


def _imports(module: Module, other: Module) -> bool:
    """Return whether a module imports another one, which must then not import it."""
    stem = other.path.removesuffix(".py").rpartition("/")[2]
    return any(
        stem in [name for item in node.names for name in item.name.split(".")]
        or (isinstance(node, ast.ImportFrom) and stem in (node.module or "").split("."))
        for node in nodes_in(module.tree.body)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    )

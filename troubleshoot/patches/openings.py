"""How the session that a function has was opened, and how another function would open one like it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import nodes_in, parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import body_of
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

    @property
    def keyword(self) -> str:
        """The words in front of the call in a `with`."""
        return "async with" if self.is_async else "with"


def opening_of(project: Project, session: str, function: Function) -> Opening:
    """Return how a session was opened: by a `with` of the function itself, or by what it depends on.

    Raises `WithheldError` where that cannot be seen, or where the dependency does more.
    """
    item = function.body.entered.get(session)
    if item is not None:
        return _opened(item, function, None)
    for use in project.dependencies_of(function):
        if isinstance(use.value, Function) and _is_given_to(use.call, session, function):
            return _opened_by(project, use.value, _import_of(use.given, use.scope.module))
    raise WithheldError(f"nobody can see how {session} is opened")


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


def _opened_by(project: Project, dependency: Function, taken_by: ast.ImportFrom | None) -> Opening:
    """Return how a dependency opens its session, if it does nothing else than that and close it again."""
    first, *rest = body_of(dependency)
    opening, name = None, ""
    if isinstance(first, (ast.With, ast.AsyncWith)) and len(first.items) == 1 and not rest:
        opening, rest = _opened(first.items[0], dependency, taken_by), first.body
        name = _text(first.items[0].optional_vars)
    elif isinstance(first, (ast.Assign, ast.AnnAssign)) and isinstance(first.value, ast.Call):
        is_async = project.path(first.value, dependency).startswith(ASYNCHRONOUS)
        opening = Opening(first.value, dependency, is_async, taken_by)
        name = _text(first.targets[0] if isinstance(first, ast.Assign) else first.target)
    if len(rest) == 1 and isinstance(rest[0], ast.Try) and not rest[0].handlers:
        closing = [_text(item).removeprefix("await ") for item in rest[0].finalbody]
        rest = rest[0].body if set(closing) == {f"{name}.close()"} else []
    if opening is None or [_text(item) for item in rest] != [f"yield {name}"]:
        raise WithheldError("the dependency does more than open a session and close it")
    return opening


def _text(node: ast.AST | None) -> str:
    return ast.unparse(node) if node is not None else ""


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

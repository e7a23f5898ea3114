"""One more `include_router`, beside the others, or behind the routes where the application is in the same file."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

from troubleshoot.code.application.parts import Registration
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.patches.registrations import is_application
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.imports import is_bound
from troubleshoot.patching.texts import WithheldError, last_line


def patch(sighting: Sighting, draft: Draft) -> None:
    """Include the router in the application that is there."""
    module, project = sighting.module, draft.project
    made = next(item for item in project.registrations("router made") if item.call is sighting.node)
    assert made.owner is not None
    name = made.owner[1]
    assigned = module.body.assigned.items()
    apps = [key for key, values in assigned if all(is_application(project, item, Scope(module)) for item in values)]
    if len(apps) == 1:
        _include_here(draft, module, apps[0], name)
    elif apps:
        raise WithheldError("nobody knows which of the applications is meant")
    else:
        _include_beside(draft, module, name)


def _include_here(draft: Draft, module: Module, app: str, name: str) -> None:
    """Include it at the top level, behind its last route and behind the application."""
    called = [route.call for route in draft.project.routes if route.router == (module.path, name)]
    called += [item.call for item in draft.project.registrations("router") if item.scope.module is module]
    wanted = [*called, *module.body.assigned.get(app, ())]
    holding = [item for item in module.tree.body if any(node in wanted for node in ast.walk(item))]
    last = holding[-1]
    source = draft.source(module)
    if isinstance(last, ast.If) or not source.is_alone(last):
        raise WithheldError("the application is made under a condition")
    gap = 2 if isinstance(last, (ast.FunctionDef, ast.AsyncFunctionDef)) else 0
    end = source.line_end(last_line(last))
    draft.put(module, end, end, f"{source.newline * (gap + 1)}{app}.include_router({name})")


def _include_beside(draft: Draft, module: Module, name: str) -> None:
    """Include it as its neighbours of the same folder are included, whose names tell its own."""
    project, path = draft.project, PurePosixPath(module.path)
    siblings = [
        item
        for item in project.registrations("router")
        if item.other is not None
        and PurePosixPath(item.other[0]).parent == path.parent
        and isinstance(item.call.func, ast.Attribute)
        and is_application(project, item.call.func.value, item.scope)
    ]
    if len({(item.scope.module.path, item.scope.function) for item in siblings}) != 1:
        raise WithheldError("no router of the same folder is included, or several applications include some")
    siblings.sort(key=lambda item: item.call.lineno)
    where, last = siblings[-1].scope.module, siblings[-1]
    given = {tuple(draft.text(where, item) for item in sibling.call.keywords) for sibling in siblings}
    if len(given) != 1 or (given != {()} and len(siblings) == 1):
        raise WithheldError("each router is included with a prefix or tags of its own")
    arguments = ", ".join([_imported(draft, siblings, path, name), *given.pop()])
    statement = next(
        (item for item in ast.walk(where.tree) if isinstance(item, ast.Expr) and item.value is last.call), None
    )
    if statement is None:
        raise WithheldError("the call that includes is a part of something else")
    assert isinstance(last.call.func, ast.Attribute)
    draft.after(where, statement, f"{draft.text(where, last.call.func)}({arguments})")


def _imported(draft: Draft, siblings: list[Registration], path: PurePosixPath, name: str) -> str:
    """Return how the router is called where the others are included, after importing it in their way."""
    before = [item for item in siblings if item.other is not None and PurePosixPath(item.other[0]).stem < path.stem]
    sibling = before[-1] if before else siblings[0]
    assert sibling.other is not None
    where, known = sibling.scope.module, PurePosixPath(sibling.other[0]).stem
    router = argument(sibling.call, 0, "router")
    named = router.value if isinstance(router, ast.Attribute) else router
    statement, original = where.imports.get(getattr(named, "id", ""), (None, ""))
    if not isinstance(named, ast.Name) or not isinstance(statement, ast.ImportFrom):
        raise WithheldError("the other routers are imported in a way that does not tell how to import this one")
    package = "." * statement.level + (statement.module or "")
    if isinstance(router, ast.Attribute) and original == known == named.id:
        dot = "" if package.endswith(".") else "."
        return f"{draft.name(where, f'{package}{dot}{path.stem}')}.{name}"
    alias = named.id.replace(known, path.stem)
    if isinstance(router, ast.Attribute) or package.rpartition(".")[2] != known or alias == named.id:
        raise WithheldError("the other routers have names that do not tell the name of this one")
    if is_bound(where, alias):
        raise WithheldError(f"{alias} stands for something else in {where.path}")
    own = package.removesuffix(known) + path.stem
    text = f"from {own} import {name}" + (f" as {alias}" if alias != name else "")
    (draft.after if before else draft.before)(where, statement, text)
    return alias

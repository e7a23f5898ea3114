"""The middleware is added where the application is made; what start-up has made it finds in the application's state."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import argument, keyword, statement_of
from troubleshoot.code.topics.middleware import HTTP_MIDDLEWARE
from troubleshoot.patching.blocks import move_behind
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the registration below the application, and a function inside of start-up with it."""
    function, module, call = sighting.function, sighting.module, sighting.node
    assert function is not None
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    statement, made = statement_of(call), _made(sighting, draft)
    if not isinstance(statement, ast.Expr):
        raise WithheldError("the registration is no statement of its own")
    assert isinstance(made.targets[0], ast.Name)
    app = made.targets[0].id
    used = {item.id for given in [*call.args, *call.keywords] for item in ast.walk(given) if isinstance(item, ast.Name)}
    local = used & _locals(function)
    layers = [item for item in draft.project.registrations("middleware") if item.owner == (module.path, app)]
    added = [
        around for item in layers if (around := statement_of(item.call)) in module.tree.body and around is not None
    ]
    behind = max([made, *added, *_definitions(module, used)], key=lambda item: item.lineno)
    if not local:
        move_behind(draft, module, statement, behind, (call.func.value, app))
        return
    dispatch = keyword(call, "dispatch")
    nested = function.functions.get(dispatch.id) if isinstance(dispatch, ast.Name) else None
    base = draft.project.path(argument(call, 0, "middleware_class"), function)
    if nested is None or {nested.name} != local or base != HTTP_MIDDLEWARE or len(nested.params) != 2:
        raise WithheldError(f"it is given {', '.join(sorted(local))}, which only {function.name} knows")
    text = _with_state(draft, function, nested, draft.text(module, call.func.value))
    draft.delete(module, statement)
    draft.delete(module, nested.node)
    draft.after(module, behind, f'@{app}.middleware("http")\n{text}')


def _made(sighting: Sighting, draft: Draft) -> ast.Assign:
    """Return the statement at the top of the same file that makes the one application that is started."""
    project = draft.project
    made = project.registrations("app")
    if len(made) > 1:
        made = [item for item in made if project.value(keyword(item.call, "lifespan"), item.scope) is sighting.function]
    statement = statement_of(made[0].call) if len(made) == 1 else None
    if isinstance(statement, ast.Assign) and statement in sighting.module.tree.body:
        return statement
    raise WithheldError("the application is not made at the top of the same file")


def _locals(function: Function) -> set[str]:
    body = function.body
    imported = {item.asname or item.name for statement in body.imports for item in statement.names}
    return {
        *imported,
        *body.assigned,
        *body.nested,
        *body.entered,
        *body.looped,
        *(param.name for param in function.params),
    }


def _definitions(module: Module, names: set[str]) -> Iterator[ast.stmt]:
    """Yield the statements at the top of a module that make what is used."""
    for statement in module.tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if getattr(statement, "name", "") in names or any(getattr(item, "id", "") in names for item in targets):
            yield statement


def _with_state(draft: Draft, function: Function, nested: Function, app: str) -> str:
    """Return the source of a function for the top of the module; what it knew from around it is put into the state."""
    module, request = function.module, nested.params[0].name
    source = draft.source(module)
    if any(isinstance(item, ast.Constant) and item.end_lineno != item.lineno for item in ast.walk(nested.node)):
        raise WithheldError(f"{nested.name} has a text of several lines")
    start, end = source.span(nested.node)
    body = nested.node.body
    first = body[1] if ast.get_docstring(nested.node) is not None and len(body) > 1 else body[0]
    position = source.span(first)[0]
    outside = _locals(function) - _locals(nested)
    names = [item for item in ast.walk(nested.node) if isinstance(item, ast.Name) and item.id in outside]
    if first.lineno == nested.node.lineno or any(source.span(item)[0] < position for item in names):
        raise WithheldError(f"{nested.name} has no room for what it takes from the state")
    # Looked up before call_next: behind it, the request may speak of a mounted application.
    taken = ""
    for name in sorted({item.id for item in names}):
        taken += f"{name} = {request}.app{'' if name == app else f'.state.{name}'}\n{source.indent(first)}"
        if name == app:
            continue
        values = function.body.assigned.get(name, ())
        assigned = statement_of(values[0]) if len(values) == 1 else None
        if not isinstance(assigned, ast.Assign) or module.mentions(f"state.{name}".encode()):
            raise WithheldError(f"what {nested.name} knows as {name} is no variable that is set once")
        draft.after(module, assigned, f"{app}.state.{name} = {name}")
    indent = source.indent(nested.node)
    text = source.text[start:position] + taken + source.text[position:end]
    return text.replace("\r\n", "\n").replace(f"\n{indent}", "\n")

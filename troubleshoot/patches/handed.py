"""Work that outlives its request, or runs elsewhere, with a session of its own in the place of the request's."""

from __future__ import annotations

import ast

from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name, last_name
from troubleshoot.code.topics.callers import callers
from troubleshoot.code.topics.queries import CONNECTIONS
from troubleshoot.code.topics.rows import is_mapped
from troubleshoot.patches.openings import opened_for, opening_of
from troubleshoot.patching.arguments import Argument, drop_argument
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import body_of
from troubleshoot.patching.room import unused_name
from troubleshoot.patching.signatures import drop_parameters, replace_parameter
from troubleshoot.patching.texts import WithheldError

PLAIN = ("int", "str")
"""Annotations of keys that mean the same in every module that knows them."""


def open_own_session(draft: Draft, function: Function, holder: ast.Call, given: ast.expr) -> None:
    """Let what `holder` hands over as `given` open its session itself, and load the rows that it was given by key."""
    project = draft.project
    work = function_of(project.value(given, function), project.inference)
    if work is None or work.is_generator or work.owner is not None or work.outer is not None:
        raise WithheldError(f"{ast.unparse(given)} is no function at the top level of the project")
    _must_be_alone(project, work, holder)
    handed = _handed(work, holder, given)
    sessions = [name for name, item in handed.items() if _is_session(project, _value(item), function)]
    if len(sessions) != 1:
        raise WithheldError(f"{work.qualname} is given no session, or several")
    session = _value(handed[sessions[0]])
    assert isinstance(session, ast.Name)
    opening = opening_of(project, session.id, function)
    if opening.is_async and not work.is_async:
        raise WithheldError(f"{work.qualname} is a plain function, and its session an asynchronous one")
    drop_argument(draft, function.module, holder, handed[sessions[0]])
    drop_parameters(draft, work, {sessions[0]})
    lines = [f"{opening.keyword} {opened_for(draft, opening, work.module)} as {sessions[0]}:"]
    for name, item in handed.items():
        if name not in sessions:
            lines += _loaded(draft, function, work, (name, item), (session.id, sessions[0]))
    body = body_of(work)
    draft.deepen(work.module, body, "\n".join(lines))


def _must_be_alone(project: Project, work: Function, holder: ast.Call) -> None:
    """Raise `WithheldError` if a function is used anywhere but where it is handed over once."""
    uses = sum(
        isinstance(node, (ast.Name, ast.Attribute)) and last_name(node) == work.name
        for module in project.files.modules(work.name)
        for node in ast.walk(module.tree)
    )
    if uses > 1 or any(call is not holder for _, call in callers(project, work)):
        raise WithheldError(f"{work.qualname} is used elsewhere, too")


def _handed(work: Function, holder: ast.Call, given: ast.expr) -> dict[str, Argument]:
    """Return the arguments of the work by the names of its parameters."""
    first = holder.args.index(given) + 1 if given in holder.args else 0
    positional = [param.name for param in work.params if param.kind == "positional"]
    items = holder.args[first:]
    if len(items) > len(positional) or any(isinstance(item, ast.Starred) for item in items):
        raise WithheldError(f"nobody can see what {work.qualname} is given")
    handed: dict[str, Argument] = dict(zip(positional, items, strict=False))
    for item in holder.keywords:
        if item.value is not given:
            if item.arg is None:
                raise WithheldError(f"nobody can see what {work.qualname} is given")
            handed[item.arg] = item
    return handed


def _value(item: Argument) -> ast.expr:
    return item.value if isinstance(item, ast.keyword) else item


def _is_session(project: Project, item: ast.expr, function: Function) -> bool:
    return isinstance(item, ast.Name) and project.value(item, Scope.of(function)) in CONNECTIONS


def _loaded(
    draft: Draft,
    function: Function,
    work: Function,
    handed: tuple[str, Argument],
    sessions: tuple[str, str],
) -> list[str]:
    """Return the line that loads a row which was given, after its key has taken its place; nothing for other values."""
    name, item = handed
    value, (lender, borrower) = _value(item), sessions
    made = function.body.assigned.get(value.id, []) if isinstance(value, ast.Name) else []
    got = made[0].value if made and isinstance(made[0], ast.Await) else next(iter(made), None)
    is_got = isinstance(got, ast.Call) and isinstance(got.func, ast.Attribute) and is_name(got.func.value, lender)
    if len(made) != 1 or not is_got:
        kind = draft.project.value(value, Scope.of(function))
        if isinstance(kind, Instance) and is_mapped(draft.project, kind.of):
            raise WithheldError(f"{name} is a row that was not loaded by its key")
        return []
    assert isinstance(got, ast.Call)
    assert isinstance(got.func, ast.Attribute)
    if got.func.attr not in ("get", "get_one") or len(got.args) != 2 or got.keywords:
        raise WithheldError(f"{name} was not loaded by its key")
    entity, key = got.args
    if not isinstance(entity, ast.Name) or not isinstance(key, ast.Name) or len(function.body.assigned.get(key.id, [])):
        raise WithheldError(f"{name} was not loaded by a key that has a name")
    if work.module is not function.module and entity.id not in {*work.module.classes, *work.module.imports}:
        raise WithheldError(f"{entity.id} is not known in {work.module.path}")
    short = unused_name(work.node, key.id, f"{name}_id")
    annotation = next((param.annotation for param in function.params if param.name == key.id), None)
    kind = annotation.id if isinstance(annotation, ast.Name) and annotation.id in PLAIN else ""
    replace_parameter(draft, work, name, f"{short}: {kind}" if kind else short)
    text = f"{short}={key.id}" if isinstance(item, ast.keyword) else key.id
    draft.put(function.module, *draft.source(function.module).span(item), text)
    wait = "await " if isinstance(made[0], ast.Await) else ""
    return [f"    {name} = {wait}{borrower}.{got.func.attr}({entity.id}, {short})"]

"""The parameter is annotated with `BackgroundTasks` and has no default, which is what FastAPI goes by."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import parent
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.imports import known_as
from troubleshoot.patching.texts import WithheldError

CLASSES = ("fastapi.BackgroundTasks", "starlette.background.BackgroundTasks")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Write `name: BackgroundTasks` in the place of the parameter, its annotation and its default."""
    function, parameter = sighting.function, sighting.nodes.get("parameter")
    assert function is not None
    assert isinstance(parameter, ast.arg)
    default = _default(function.node.args, parameter)
    if not _only_adds(function, parameter.arg):
        raise WithheldError(f"{parameter.arg} is not used as BackgroundTasks is")
    source = draft.source(function.module)
    start, _ = source.span(parameter)
    _, end = source.span(default or parameter)
    text = f"{parameter.arg}: {_class(draft, function.module)}"
    if default is not None and not _may_go(function, parameter):
        text += " = None"
    elif default is not None and any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too, where the default may be relied on")
    if "#" in source.text[start:end]:
        raise WithheldError("a comment stands in the parameter")
    draft.put(function.module, start, end, text)


def _class(draft: Draft, module: Module) -> str:
    """Return what the class is called in a module."""
    known = (known_as(module, name) for name in CLASSES)
    return next(filter(None, known), None) or draft.name(module, CLASSES[0])


def _default(arguments: ast.arguments, parameter: ast.arg) -> ast.expr | None:
    positional = [*arguments.posonlyargs, *arguments.args]
    padding = [None] * (len(positional) - len(arguments.defaults))
    pairs = [
        *zip(positional, [*padding, *arguments.defaults], strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((default for item, default in pairs if item is parameter), None)


def _may_go(function: Function, parameter: ast.arg) -> bool:
    """Return whether a parameter may stand without a default: no other one with a default is in front of it."""
    arguments = function.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if parameter not in positional:
        return True
    first = len(positional) - len(arguments.defaults)
    return positional.index(parameter) == first


def _only_adds(function: Function, name: str) -> bool:
    """Return whether nothing is done with a parameter that BackgroundTasks does not allow."""
    attributes = (
        around.attr
        for node in ast.walk(function.node)
        if isinstance(node, ast.Name) and node.id == name and isinstance(around := parent(node), ast.Attribute)
    )
    return all(attribute in ("add_task", "tasks") for attribute in attributes)

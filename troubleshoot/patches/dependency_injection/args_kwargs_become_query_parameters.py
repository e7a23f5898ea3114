"""`functools.wraps` on the wrapper of a decorator, so that FastAPI sees the parameters of what it wraps."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import decorate, function_with
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Decorate the wrapper. Raises `WithheldError` where that alone would not do."""
    if "wrapper" not in sighting.nodes:
        raise WithheldError("no wrapper of the project hides the parameters, so they have to be written out")
    wrapper = function_with(draft.project, sighting.nodes["wrapper"])
    if not any(param.kind == "kwargs" for param in wrapper.params):
        raise WithheldError(f"FastAPI passes everything by name, and {wrapper.qualname} takes no **kwargs")
    declared = {param.name for param in sighting.function.params} if sighting.function else set()
    for param in wrapper.params:
        if param.kind in ("positional", "keyword") and param.default is None and param.name not in declared:
            raise WithheldError(f"{wrapper.qualname} asks for {param.name}, which the decorated function does not take")
    wrapped = _wrapped(wrapper)
    if _adds_arguments(wrapper, wrapped):
        raise WithheldError(f"{wrapper.qualname} passes an argument of its own, which FastAPI would ask clients for")
    wraps = draft.name(wrapper.module, "functools.wraps")
    decorate(draft, wrapper, f"{wraps}({wrapped})")


def _wrapped(wrapper: Function) -> str:
    """Return the name of what a wrapper wraps: the parameter of the function around it that it calls."""
    assert wrapper.outer is not None
    taken = {param.name for param in wrapper.outer.params}
    called = {call.func.id for call in wrapper.body.calls if isinstance(call.func, ast.Name)} & taken
    if len(called) != 1 and len(taken) != 1:
        raise WithheldError(f"nothing shows which function {wrapper.qualname} wraps")
    return (called if len(called) == 1 else taken).pop()


def _adds_arguments(wrapper: Function, wrapped: str) -> bool:
    """Say whether the wrapper passes on anything but what it is called with."""
    own = {param.name for param in wrapper.params}
    calls = [call for call in wrapper.body.calls if isinstance(call.func, ast.Name) and call.func.id == wrapped]
    given = [each for call in calls for each in (*call.args, *(keyword.value for keyword in call.keywords))]
    values = [each.value if isinstance(each, ast.Starred) else each for each in given]
    return any(not isinstance(value, ast.Name) or value.id not in own for value in values)

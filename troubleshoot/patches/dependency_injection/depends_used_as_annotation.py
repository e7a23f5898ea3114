"""`Depends(…)` goes into `Annotated`, behind the type of what is injected, or behind an equals sign."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.patches.dependencies import annotated, in_default, may_have_default, type_given
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Write the type that the dependency gives, where it says so; else leave the parameter without one."""
    function, module, call = sighting.function, sighting.module, sighting.node
    assert function is not None
    assert isinstance(call, ast.Call)
    param = next(item for item in function.params if item.annotation is call)
    source = draft.source(module)
    start, end = source.span(call)
    given = argument(call, 0, "dependency")
    scope = Scope(module, function.outer)
    kind = type_given(draft, module, given, scope, function.node.lineno) if given is not None else ""
    free = may_have_default(function, param)
    if kind and free and in_default(draft.project, module):
        draft.put(module, start, start, f"{kind} = ")
    elif kind:
        draft.put(module, start, start, f"{annotated(draft, module)}[{kind}, ")
        draft.put(module, end, end, "]")
    elif free:
        behind = source.text.rindex(":", 0, start)
        if source.text[behind + 1 : start].strip():
            raise WithheldError(f"{param.name} is written in a way of its own")
        draft.put(module, behind, start, "=")
    else:
        raise WithheldError(f"the type of {param.name} is not known, and a parameter without a default follows")

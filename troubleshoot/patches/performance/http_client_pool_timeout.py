"""The streamed response is closed on every way out: with the answer that passes it on, and before every other end."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, keyword, mentions, parent, tries
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

ANSWERS = ("fastapi.responses.StreamingResponse", "starlette.responses.StreamingResponse")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Close the response in the background of the answer, and before each `raise` and `return` that is not one."""
    function, module, call = sighting.function, sighting.module, sighting.node
    assert function is not None
    assert isinstance(call, ast.Call)
    opened = parent(call) if isinstance(parent(call), ast.Await) else call
    assignment = parent(opened) if opened is not None else None
    assert isinstance(assignment, ast.Assign)
    assert isinstance(assignment.targets[0], ast.Name)
    name = assignment.targets[0].id
    close = f"{name}.aclose" if isinstance(opened, ast.Await) else f"{name}.close"
    wait = "await " if isinstance(opened, ast.Await) else ""
    outs: list[ast.stmt] = [*function.body.raises, *function.body.returns]
    ways_out = [item for item in outs if item.lineno > call.lineno]
    _must_be_plain(function, assignment, ways_out)
    for item in ways_out:
        answer = item.value if isinstance(item, ast.Return) else None
        if answer is None or not mentions(answer, (name,)):
            draft.before(module, item, f"{wait}{close}()")
        elif isinstance(answer, ast.Call) and draft.project.path(answer.func, function) in ANSWERS:
            if keyword(answer, "background") is not None:
                raise WithheldError("the answer has a background task of its own")
            task = draft.name(module, "starlette.background.BackgroundTask")
            add_arguments(draft, module, answer, [f"background={task}({close})"])
        else:
            raise WithheldError(f"{name} is used in what {function.qualname} returns")


def _must_be_plain(function: Function, assignment: ast.Assign, ways_out: list[ast.stmt]) -> None:
    """Raise `WithheldError` if there are other ways out than `raise` and `return` behind the opening."""
    if not isinstance(function.node.body[-1], ast.Return):
        raise WithheldError(f"{function.qualname} ends without a return")
    if assignment not in function.node.body:
        raise WithheldError("the response is opened only in some cases")
    if any(next(tries(item), None) for item in ways_out) or any(
        isinstance(around, ast.ExceptHandler) for item in ways_out for around in ancestors(item)
    ):
        raise WithheldError("what is raised may be caught in the function itself")

"""`except WebSocketDisconnect` in front of the handler that catches everything."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, parent, tries
from troubleshoot.code.topics.websockets import catches
from troubleshoot.patches.sockets import sends_to_others
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Leave the loop when the client has left: to who expects the disconnect, else behind the loop."""
    function, handler, module = sighting.function, sighting.node, sighting.module
    attempt = parent(handler)
    if function is None or not isinstance(attempt, ast.Try) or not isinstance(handler, ast.ExceptHandler):
        raise WithheldError("the handler stands in no function")
    if sends_to_others(draft.project, function, attempt.body):
        raise WithheldError("what is sent to other clients there may raise WebSocketDisconnect, too")
    left = draft.name(module, "fastapi.WebSocketDisconnect")
    draft.before(module, handler, f"except {left}:\n    {_leave(draft.project, attempt, function)}")


def _leave(project: Project, attempt: ast.Try, function: Function) -> str:
    loops = [around for around in ancestors(attempt) if isinstance(around, (ast.While, ast.For, ast.AsyncFor))]
    outside = [item for outer in tries(loops[-1]) for item in outer.handlers]
    if any(catches(project, item, function) for item in outside):
        return "raise"
    if len(loops) == 1:
        return "break"
    raise WithheldError("several loops stand around it, and some may have to go on")

"""What has caught the exception of the endpoint raises it again, or goes where it does nothing else."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import ancestors, nodes_in, parent
from troubleshoot.patching.blocks import unwrap
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError
from troubleshoot.patching.tries import drop_handler, has_comment


def patch(sighting: Sighting, draft: Draft) -> None:
    """End the `except` with `raise`, take `suppress` away, or the `return` in `finally`."""
    node, module = sighting.node, sighting.module
    handler, entered = sighting.nodes.get("handler"), sighting.nodes.get("entered")
    if isinstance(handler, ast.ExceptHandler):
        _raise_again(sighting, draft, handler)
    elif isinstance(entered, ast.With):
        if len(entered.items) > 1:
            raise WithheldError("the with enters something else, too")
        if len(entered.body) > 1:
            raise WithheldError("suppress is meant for more than the yield")
        unwrap(draft, module, entered)
    elif isinstance(node, ast.Return):
        attempt = next(around for around in ancestors(node) if isinstance(around, ast.Try))
        if node not in attempt.finalbody:
            raise WithheldError("the return in finally hangs on a condition")
        if len(attempt.finalbody) > 1:
            draft.delete(module, node)
        elif attempt.handlers:
            raise WithheldError("nothing would be left in finally")
        else:
            unwrap(draft, module, attempt)


def _raise_again(sighting: Sighting, draft: Draft, handler: ast.ExceptHandler) -> None:
    module, body, attempt = sighting.module, handler.body, parent(handler)
    assert isinstance(attempt, ast.Try)
    if draft.project.is_exception(handler.type, sighting.function or module, "fastapi.WebSocketDisconnect"):
        raise WithheldError("a client that leaves a WebSocket may be expected here")
    last = body[-1]
    for node in nodes_in(body):
        if isinstance(node, (ast.Continue, ast.Break)) or (isinstance(node, ast.Return) and node is not last):
            raise WithheldError(f"line {node.lineno} leaves the except on a way of its own")
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Call):
        raise WithheldError("the answer that it returns has to become an HTTPException")
    is_idle = isinstance(last, (ast.Pass, ast.Return)) or (
        isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant)
    )
    if not is_idle:
        draft.last(module, body, "raise")
    elif len(body) == len(attempt.handlers) == 1 and not has_comment(draft, module, attempt, handler):
        drop_handler(draft, module, attempt, handler)
    else:
        draft.replace(module, last, "raise")

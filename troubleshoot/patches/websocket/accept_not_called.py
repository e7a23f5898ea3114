"""`accept()` comes first, or right behind the checks that may refuse the client."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import ancestors, is_within
from troubleshoot.code.topics.websockets import socket_calls
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

Refusal = ast.Call | ast.Raise


def patch(sighting: Sighting, draft: Draft) -> None:
    """Accept before the first use, behind what refuses a client before that."""
    function, use = sighting.function, sighting.node
    if function is None or not isinstance(use, ast.Call) or not isinstance(use.func, ast.Attribute):
        raise WithheldError("the WebSocket is used in a way of its own")
    socket = use.func.value
    if not isinstance(socket, ast.Name) or socket.id not in [param.name for param in function.params]:
        raise WithheldError("the WebSocket is no parameter of the endpoint")
    closes = [call for name, call in socket_calls(draft.project, function) if name == "close"]
    refusals: list[Refusal] = [*closes, *function.body.raises]
    text = f"await {socket.id}.accept()"
    behind = _last_refusal(function.node.body, use, [item for item in refusals if _is_before(item, use)])
    if behind is None:
        draft.first(sighting.module, function.node.body, text)
    else:
        draft.after(sighting.module, behind, text)


def _last_refusal(block: Sequence[ast.stmt], use: ast.Call, refusals: Sequence[Refusal]) -> ast.stmt | None:
    """Return the last statement that may refuse before `use`, in the block in which both stand."""
    index = next(number for number, statement in enumerate(block) if is_within(use, statement))
    around = block[index]
    if any(is_within(item, around) for item in refusals):
        if not isinstance(around, (ast.Try, ast.With, ast.AsyncWith)):
            raise WithheldError("the WebSocket is refused and used in branches of one statement")
        return _last_refusal(around.body, use, refusals)
    return next((item for item in reversed(block[:index]) if any(is_within(one, item) for one in refusals)), None)


def _is_before(refusal: Refusal, use: ast.Call) -> bool:
    """Return whether a refusal may come before a use or instead of it, and not after something that failed."""
    around = [item for item in ancestors(refusal) if not is_within(use, item)]
    if any(isinstance(item, ast.ExceptHandler) for item in around):
        return False
    branches = [item for item in ancestors(use) if isinstance(item, ast.If) and item in ancestors(refusal)]
    is_other = any(_branch(item, refusal) != _branch(item, use) for item in branches)
    return is_other or (refusal.lineno, refusal.col_offset) < (use.lineno, use.col_offset)


def _branch(choice: ast.If, node: ast.AST) -> bool:
    return any(is_within(node, item) for item in choice.body)

"""`close()` goes where the server ends the conversation, and away from where the client has left."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_endless, is_within, nodes_in, parent
from troubleshoot.code.topics.websockets import catches, socket_calls
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError
from troubleshoot.patching.tries import drop_finally


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the close out; one in `finally` moves to each place where the client is still there."""
    function, module = sighting.function, sighting.module
    statement = parent(parent(sighting.node) or sighting.node)
    clause = parent(statement) if isinstance(statement, ast.Expr) else None
    if function is None or not isinstance(statement, ast.Expr):
        raise WithheldError("the close is part of something else")
    if isinstance(clause, ast.ExceptHandler):
        draft.delete(module, statement)
    elif isinstance(clause, ast.Try) and statement in clause.finalbody:
        for block in _open_ends(draft.project, clause, function):
            draft.last(module, block, draft.text(module, statement))
        if len(clause.finalbody) == 1:
            drop_finally(draft, module, clause)
        else:
            draft.delete(module, statement)
    else:
        raise WithheldError("the close has a condition of its own")


def _open_ends(project: Project, attempt: ast.Try, function: Function) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a `try` at the end of which the WebSocket is still open."""
    calls = socket_calls(project, function)
    closes = [call for name, call in calls if name == "close"]
    is_told_apart = any(catches(project, handler, function) for handler in attempt.handlers)
    for handler in attempt.handlers:
        if not is_told_apart and catches(project, handler, function, broad=True):
            raise WithheldError("the handler of the disconnect handles something else, too")
        if catches(project, handler, function):
            if isinstance(handler.type, ast.Tuple):
                raise WithheldError("the handler of the disconnect handles something else, too")
        elif isinstance(handler.body[-1], (ast.Raise, ast.Return)):
            raise WithheldError("another handler leaves the endpoint, too, and may need the close")
        elif not _closes(handler.body[-1], closes):
            yield handler.body
    returns = [item for item in nodes_in(attempt.body) if isinstance(item, ast.Return)]
    if attempt.orelse or not all(_is_closed(item, attempt, closes) for item in returns):
        raise WithheldError("the endpoint leaves from several places, and some may need the close")
    last = attempt.body[-1]
    breaks = [item for item in nodes_in([last]) if isinstance(item, ast.Break)]
    closed = [_is_closed(item, attempt, closes) for item in breaks]
    until_left = isinstance(last, ast.AsyncFor) and any(call is last.iter for _, call in calls)
    if until_left or (isinstance(last, ast.While) and is_endless(last)):
        if all(closed):
            return
    elif isinstance(last, ast.Return) or _closes(last, closes):
        return
    if until_left or any(closed):
        raise WithheldError("the endpoint leaves from several places, and some may need the close")
    yield attempt.body


def _is_closed(leaving: ast.stmt, within: ast.AST, closes: Sequence[ast.Call]) -> bool:
    """Return whether the socket is closed in the block that a statement leaves, right before it."""
    block = block_around(leaving, within)
    return any(_closes(item, closes) for item in block[: block.index(leaving)])


def _closes(statement: ast.stmt, closes: Sequence[ast.Call]) -> bool:
    return isinstance(statement, ast.Expr) and any(is_within(call, statement) for call in closes)

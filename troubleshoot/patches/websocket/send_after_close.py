"""The endpoint leaves after its close; a helper raises instead of closing."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_within, keyword, nodes_in, parent, tries
from troubleshoot.code.topics.callers import callers
from troubleshoot.code.topics.websockets import socket_calls
from troubleshoot.patching.blocks import statements_behind
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError

BROAD = ("builtins.Exception", "builtins.BaseException", "fastapi.WebSocketException")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Leave right behind the close, or let WebSocketException close and leave."""
    function, close = sighting.function, sighting.node
    statement = parent(parent(close) or close)
    if function is None or not isinstance(close, ast.Call) or not isinstance(statement, ast.Expr):
        raise WithheldError("the close is part of something else")
    if function in draft.project.called_as("websocket endpoint"):
        _leave(draft, function, statement)
    else:
        _raise(draft, function, statement, close)


def _leave(draft: Draft, function: Function, statement: ast.stmt) -> None:
    block = block_around(statement, function.node)
    uses = [call for _, call in socket_calls(draft.project, function)]
    if _use(block[block.index(statement) + 1 :], uses):
        raise WithheldError("what follows the close may have been meant to stand before it")
    loops = [around for around in ancestors(statement) if isinstance(around, (ast.While, ast.For, ast.AsyncFor))]
    behind = statements_behind(loops[-1], function.node) if loops else []
    if len(loops) > 1 and behind:
        raise WithheldError("several loops stand around it, and something is left to do behind them")
    draft.last(function.module, block, "break" if behind and not _use(behind, uses) else "return")


def _use(statements: list[ast.stmt], uses: list[ast.Call]) -> bool:
    return any(is_within(use, statement) for use in uses for statement in statements)


def _raise(draft: Draft, helper: Function, statement: ast.Expr, close: ast.Call) -> None:
    module, project = helper.module, draft.project
    block = block_around(statement, helper.node)
    following = block[block.index(statement) + 1 :]
    if any(not isinstance(item, ast.Return) for item in following):
        raise WithheldError("the helper does something else behind its close")
    if any(isinstance(item, ast.Return) and item.value is not None for item in nodes_in(helper.node.body)):
        raise WithheldError("the helper tells its caller something")
    endpoints = list(project.called_as("websocket endpoint"))
    for where, call in callers(project, helper):
        if where not in endpoints or not isinstance(parent(parent(call) or call), ast.Expr):
            raise WithheldError(f"{helper.qualname} is called elsewhere, too")
        if _swallows(project, call, where):
            raise WithheldError(f"{where.qualname} catches everything, WebSocketException too")
    if _swallows(project, close, helper):
        raise WithheldError(f"{helper.qualname} catches everything, WebSocketException too")
    source = draft.source(module)
    start, end = source.span(statement)[0], source.span(close.func)[1]
    draft.put(module, start, end, f"raise {draft.name(module, 'fastapi.WebSocketException')}")
    if not close.args and keyword(close, "code") is None:
        opening = source.text.index("(", end) + 1
        draft.put(module, opening, opening, "code=1000, " if close.keywords else "code=1000")
    for item in following:
        draft.delete(module, item)


def _swallows(project: Project, node: ast.AST, function: Function) -> bool:
    handlers = [item for attempt in tries(node) for item in attempt.handlers]
    return any(item.type is None or project.is_exception(item.type, function, *BROAD) for item in handlers)

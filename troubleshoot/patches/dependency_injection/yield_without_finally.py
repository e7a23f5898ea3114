"""`try` around the `yield`, and `finally` for what cleans up behind it."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, nodes_in
from troubleshoot.detectors.dependency_injection.yield_without_finally import CLEANS
from troubleshoot.patches.handlers import only_tells
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError
from troubleshoot.patching.tries import clean_up


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the clean-up into `finally`; what stands between it and the `yield` runs after good requests only."""
    assert sighting.function is not None
    block, start, end = _between(sighting.function, sighting.node, sighting.nodes["cleaning"])
    behind = end
    while behind < len(block) and _only_cleans(block[behind]):
        behind += 1
    if behind == end:
        raise WithheldError(f"line {block[end].lineno} does more than clean up")
    tried, cleaning = block[start:end], block[end:behind]
    made = {item.id for item in nodes_in(tried) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
    for item in nodes_in(cleaning):
        if isinstance(item, ast.Name) and item.id in made:
            raise WithheldError(f"{item.id} may not be there yet when the exception comes")
    clean_up(draft, sighting.module, tried, cleaning)


def _between(function: Function, item: ast.AST, cleaning: ast.AST) -> tuple[list[ast.stmt], int, int]:
    """Return the block in which both stand, with the places of the statements that hold them."""
    holders = [cleaning, *ancestors(cleaning)]
    for statement in (around for around in ancestors(item) if isinstance(around, ast.stmt)):
        block = block_around(statement, function.node)
        end = next((index for index, other in enumerate(block) if other in holders), None)
        if end is not None:
            return block, block.index(statement), end
    raise WithheldError("the clean-up does not stand behind the yield")


def _only_cleans(statement: ast.stmt) -> bool:
    """Return whether a statement does nothing but release things, and tell of it."""
    if isinstance(statement, ast.Expr):
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        func = value.func if isinstance(value, ast.Call) else None
        return only_tells(statement) or (isinstance(func, ast.Attribute) and CLEANS.fullmatch(func.attr) is not None)
    if isinstance(statement, (ast.If, ast.With, ast.AsyncWith)):
        return all(_only_cleans(item) for item in (*statement.body, *getattr(statement, "orelse", ())))
    if isinstance(statement, ast.Try):
        handled = [item for handler in statement.handlers for item in handler.body]
        return all(_only_cleans(item) for item in (*statement.body, *handled, *statement.orelse, *statement.finalbody))
    return isinstance(statement, ast.Pass)

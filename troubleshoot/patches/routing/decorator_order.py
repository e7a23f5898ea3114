"""The route's decorator goes to the top, and a cache below the limit."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import undecorate
from troubleshoot.patching.texts import WithheldError, last_line


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the decorators of the routes above what they do not call, or a cache right below the last limit."""
    function, module, nodes = sighting.function, sighting.module, sighting.nodes
    assert function is not None
    source = draft.source(module)
    decorators = function.node.decorator_list
    limit = nodes.get("limit")
    if isinstance(limit, ast.expr):
        assert isinstance(sighting.node, ast.expr)
        _put(draft, module, source.line_start(last_line(limit) + 1), [sighting.node])
        return
    first, lowest = nodes.get("first"), nodes.get("route")
    if not isinstance(first, ast.expr) or not isinstance(lowest, ast.expr):
        raise WithheldError("the function that the decorator makes could not be called in the place of this one")
    calls = {id(route.call) for route in draft.project.routes}
    between = decorators[decorators.index(first) : decorators.index(lowest) + 1]
    _put(draft, module, source.line_start(first.lineno), [item for item in between if id(item) in calls])


def _put(draft: Draft, module: Module, position: int, decorators: list[ast.expr]) -> None:
    source = draft.source(module)
    lines = ""
    for item in decorators:
        undecorate(draft, module, item)
        lines += source.text[source.line_start(item.lineno) : source.line_start(last_line(item) + 1)]
    draft.put(module, position, position, lines)

"""The arguments move out of the signature, up into the decorator."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.signatures import drop_parameters
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move all of them at once: each would stand at the same place of the decorator."""
    function, module = sighting.function, sighting.module
    assert function is not None
    if any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")
    for item in (part for line in function.node.body for part in ast.walk(line)):
        if isinstance(item, ast.Name) and item.id in sighting.nodes:
            raise WithheldError(f"{function.qualname} uses {item.id} itself")
    routes = [route for route in draft.project.routes if route.function is function]
    for route in routes:
        if route.call not in function.node.decorator_list:
            raise WithheldError("the route is not declared by a decorator")
        if any(keyword(route.call, name) is not None for name in sighting.nodes):
            raise WithheldError("the decorator has such an argument already")
        given = (f"{name}={draft.text(module, node)}" for name, node in sighting.nodes.items())
        add_arguments(draft, module, route.call, [*given])
    drop_parameters(draft, function, set(sighting.nodes))

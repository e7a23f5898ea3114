"""A size for the cache that has none."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

ENTRIES = "256"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Give the decorator a size. What is kept by hand is withheld: nobody but its author knows what may go."""
    function, module, node = sighting.function, sighting.module, sighting.node
    if function is None or not any(node is item for item in function.node.decorator_list):
        raise WithheldError("only the author knows which entries may go")
    if function.owner is not None and function.params and function.params[0].name == "self":
        raise WithheldError("the cache keeps the object of the method; it has to move to the object or to a function")
    if isinstance(node, ast.Call):
        size = next(item.value for item in node.keywords if item.arg == "maxsize")
        draft.replace(module, size, ENTRIES)
    elif last_name(node) == "cache":
        bounded = draft.name(module, "functools.lru_cache")
        draft.put(module, *draft.source(module).span(node), f"{bounded}(maxsize={ENTRIES})")

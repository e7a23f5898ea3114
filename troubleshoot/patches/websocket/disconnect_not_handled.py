"""The receive loop expects the client to leave, and takes its socket out of the registry."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import ancestors
from troubleshoot.patches.sockets import farewells as farewells_of
from troubleshoot.patching.blocks import statements_behind
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put the outermost loop round the receive into `try`, with an `except` for the client that leaves."""
    function, module = sighting.function, sighting.module
    loops = [node for node in ancestors(sighting.node) if isinstance(node, (ast.While, ast.For))]
    if function is None or not loops:
        raise WithheldError("the receive stands in no loop")
    left = draft.name(module, "fastapi.WebSocketDisconnect")
    farewells = list(farewells_of(draft.project, function))
    if statements_behind(loops[-1], function.node):
        farewells.append("return")  # what stands behind the loop is for a socket that is still open
    draft.deepen(module, [loops[-1]], "try:", "\n    ".join([f"except {left}:", *(farewells or ["pass"])]))

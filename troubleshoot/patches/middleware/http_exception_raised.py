"""The refusal is returned as the JSON that the handler of HTTPException would have made of it."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.topics.middleware import http_middleware
from troubleshoot.patches.responses import return_instead
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put `return JSONResponse(…)` in the place of the `raise`."""
    function, module, node = sighting.function, sighting.module, sighting.node
    assert isinstance(node, ast.Raise)
    if not any(function is item for item in http_middleware(draft.project)):
        raise WithheldError("it is raised in a function that a middleware calls, and only the middleware can answer")
    return_instead(draft, module, node)

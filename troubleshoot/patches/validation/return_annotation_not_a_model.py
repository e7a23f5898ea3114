"""`response_model=None` where responses are returned; which model data has, nobody can guess."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Tell the decorator that there is no response model."""
    route, function = sighting.nodes.get("route"), sighting.function
    if not isinstance(route, ast.Call):
        raise WithheldError("a model has to say which columns clients get to see")
    assert function is not None
    module = next(item.scope.module for item in draft.project.routes if item.call is route)
    add_arguments(draft, module, route, ["response_model=None"])

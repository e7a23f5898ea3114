"""The prefix stays where the router is made."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patching.arguments import drop_argument
from troubleshoot.patching.drafts import Draft


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the prefix out of the call that includes the router."""
    call = sighting.node
    assert isinstance(call, ast.Call)
    prefix = next(item for item in call.keywords if item.arg == "prefix")
    drop_argument(draft, sighting.module, call, prefix)

"""The workers stay, reload goes."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patching.arguments import drop_argument
from troubleshoot.patching.drafts import Draft


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take `reload` out of the call, and what only goes with it."""
    call = sighting.node
    assert isinstance(call, ast.Call)
    for item in call.keywords:
        if item.arg is not None and item.arg.startswith("reload"):
            drop_argument(draft, sighting.module, call, item)

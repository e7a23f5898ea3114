"""What a dependency builds is built once, and handed out from then on."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.processwide import make_once
from troubleshoot.patching.drafts import Draft


def patch(sighting: Sighting, draft: Draft) -> None:
    """Cache a dependency that does nothing else; what another builds moves up to the module."""
    function, made = sighting.function, sighting.node
    assert function is not None
    assert isinstance(made, ast.Call)
    make_once(draft, function, made, "client")

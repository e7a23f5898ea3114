"""What runs in the other process opens a session of its own."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.handed import open_own_session
from troubleshoot.patching.drafts import Draft


def patch(sighting: Sighting, draft: Draft) -> None:
    """Give the work a session of its own. Requests and uploads are withheld: what of them is needed is not known."""
    work = sighting.nodes["work"]
    assert sighting.function is not None
    assert isinstance(sighting.node, ast.Call)
    assert isinstance(work, ast.expr)
    open_own_session(draft, sighting.function, sighting.node, work)

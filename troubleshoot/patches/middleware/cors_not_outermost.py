"""CORSMiddleware is added last."""

from __future__ import annotations

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.registrations import register_behind
from troubleshoot.patching.drafts import Draft


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the registration behind that of the outermost middleware."""
    register_behind(draft, sighting.module, sighting.node, sighting.nodes["outermost"])

"""The middleware that provides something is added behind the one that needs it."""

from __future__ import annotations

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.registrations import register_behind
from troubleshoot.patching.drafts import Draft


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the registration of the provider behind that of the middleware that uses it."""
    register_behind(draft, sighting.module, sighting.nodes["provider"], sighting.node)

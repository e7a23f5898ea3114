"""The start fails when what it needs fails."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patching.drafts import Draft


def patch(sighting: Sighting, draft: Draft) -> None:
    """Raise the exception again at the end of the handler, or where it does nothing but go on or leave."""
    handler, module = sighting.node, sighting.module
    assert isinstance(handler, ast.ExceptHandler)
    last = handler.body[-1]
    if isinstance(last, ast.Pass) or (isinstance(last, ast.Return) and last.value is None):
        draft.replace(module, last, "raise")
    else:
        draft.after(module, last, "raise")

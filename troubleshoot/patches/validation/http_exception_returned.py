"""`raise` in the place of `return`, unless the function itself would catch it."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import last_name, tries, types_caught
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

TAKES_IT = ("BaseException", "Exception", "HTTPException", "StarletteHTTPException")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Raise what was returned."""
    assert isinstance(sighting.node, ast.stmt)
    for around in tries(sighting.node):
        for handler in around.handlers:
            if any(item is None or last_name(item) in TAKES_IT for item in types_caught(handler)):
                raise WithheldError(f"the `except` in line {handler.lineno} would catch it")
    draft.replace_start(sighting.module, sighting.node, "return", "raise")

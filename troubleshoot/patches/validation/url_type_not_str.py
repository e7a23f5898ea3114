"""`str(…)` round the URL, and `mode="json"` where a whole model is handed on."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Turn the URL into a text where it is handed on."""
    dump, url = sighting.nodes.get("dump"), sighting.nodes.get("url")
    if isinstance(dump, ast.Call):
        add_arguments(draft, sighting.module, dump, ['mode="json"'])
    elif url is not None:
        draft.around(sighting.module, url, "str(", ")")
    else:
        raise WithheldError("the address may be None, of which str() makes a text as well")

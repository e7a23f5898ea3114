"""The relationship is loaded with the query that loads the rows."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patching.calls import add_call
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Add `selectinload` for every relationship that is read of each row."""
    selects, entity = sighting.nodes.get("selects"), sighting.nodes.get("entity")
    if not isinstance(selects, ast.Call) or entity is None:
        raise WithheldError("one query for all has to be written in the place of many")
    module = sighting.module
    load, model = draft.name(module, "sqlalchemy.orm.selectinload"), draft.text(module, entity)
    names = sighting.captured["relationships"].split(", ")
    add_call(draft, module, selects, f".options({', '.join(f'{load}({model}.{name})' for name in names)})")

"""What the inner lifespans yield is kept and yielded on."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import is_within, last_name, statement_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Give the states names, and merge them where there are several, or where one may be None."""
    function, module = sighting.function, sighting.module
    assert function is not None
    entered = [item for item in sighting.nodes.values() if isinstance(item, ast.expr)]
    if len(function.body.yields) != 1 or not all(_covers(item, function.body.yields[0]) for item in entered):
        raise WithheldError(f"the yield of {function.name} is not inside of what is entered")
    may_lack = {item for name, item in sighting.nodes.items() if name.startswith("unknown")}
    names: list[str] = []
    for item in entered:
        name = "state" if len(entered) == 1 else f"{_called(item)}_state"
        if name in {*names, *function.body.assigned, *function.body.entered}:
            raise WithheldError(f"{name} stands for something else there")
        names.append(name)
        draft.replace(module, item, f"{draft.text(module, item)} as {name}")
    merged = ", ".join(
        f"**({name} or {{}})" if item in may_lack else f"**{name}" for name, item in zip(names, entered, strict=True)
    )
    draft.replace(module, function.body.yields[0], f"yield {names[0] if len(names) == 1 else f'{{{merged}}}'}")


def _called(entered: ast.expr) -> str:
    name = last_name(entered.func) if isinstance(entered, ast.Call) else ""
    if not name:
        raise WithheldError("what is entered has no name")
    return name


def _covers(entered: ast.expr, node: ast.expr) -> bool:
    """Return whether a node stands in the block of the `with` that enters something."""
    block = statement_of(entered)
    return block is not None and is_within(node, block)

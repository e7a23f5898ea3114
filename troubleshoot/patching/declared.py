"""Edits that the knowledge declares: a node of the user's, rendered anew by a template."""

from __future__ import annotations

import ast

from troubleshoot.catalog.naming import template_stem
from troubleshoot.code.sighting import Sighting
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Cause, Patch
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def edit_as_declared(
    draft: Draft, renderer: Renderer, cause: Cause, fix: str, patch: Patch, sighting: Sighting
) -> None:
    """Make the edit that `patch` declares. Raises `WithheldError` where the node is no statement and must be one."""
    module = sighting.module
    nodes = {"node": sighting.node, **sighting.nodes}
    if patch.node not in nodes:
        raise WithheldError("the source is written otherwise than the patch expects")
    node = nodes[patch.node]
    values = {
        **sighting.captured,
        **{name: draft.source(module).flush(item) for name, item in nodes.items()},
        **{name.rpartition(".")[2]: draft.name(module, name) for name in patch.imports},
    }
    text = renderer.render(f"{template_stem(cause, fix)}.patch", values).text
    if patch.edit == "replace":
        draft.replace(module, node, text)
        return
    if not isinstance(node, ast.stmt):
        raise WithheldError("there is no statement to put it beside")
    (draft.before if patch.edit == "before" else draft.after)(module, node, text)

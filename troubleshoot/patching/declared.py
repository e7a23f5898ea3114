"""Edits that the knowledge declares: a node of the user's, rendered anew by a template."""

from __future__ import annotations

import ast

from troubleshoot.catalog.naming import template_stem
from troubleshoot.code.sighting import Sighting
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Cause, Patch
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import SourceText, WithheldError


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
        **{name: _on_its_own(draft.source(module), item) for name, item in nodes.items()},
        **{name.rpartition(".")[2]: draft.name(module, name) for name in patch.imports},
    }
    text = renderer.render(f"{template_stem(cause, fix)}.patch", values).text
    if patch.edit == "replace":
        draft.replace(module, node, text)
        return
    if not isinstance(node, ast.stmt):
        raise WithheldError("there is no statement to put it beside")
    (draft.before if patch.edit == "before" else draft.after)(module, node, text)


def _on_its_own(source: SourceText, node: ast.AST) -> str:
    """Return the text of a node as it would be at the left margin, for the edit indents all lines anew."""
    start, end = source.span(node)
    line = source.text[:start].rpartition("\n")[2]
    indent = line[: len(line) - len(line.lstrip())]
    first, *rest = source.text[start:end].splitlines()
    if any(item.strip() and not item.startswith(indent) for item in rest):
        raise WithheldError("a text of several lines stands in between")
    return "\n".join([first, *(item.removeprefix(indent) for item in rest)])

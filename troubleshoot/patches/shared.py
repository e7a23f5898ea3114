"""Clients that a `with` opens for each request, opened once."""

from __future__ import annotations

import ast

from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name, parent
from troubleshoot.patches.processwide import lines_at_top, make_once, put_above
from troubleshoot.patching.blocks import unwrap
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def share(draft: Draft, function: Function, call: ast.Call, name: str) -> None:
    """Make an object once, as `make_once` does, also what is opened by a `with`, whose block goes one level up."""
    around = parent(call)
    if not isinstance(around, ast.withitem):
        make_once(draft, function, call, name)
        return
    block, module = parent(around), function.module
    if not isinstance(block, (ast.With, ast.AsyncWith)) or len(block.items) > 1:
        raise WithheldError("the `with` opens something else, too")
    if not isinstance(around.optional_vars, ast.Name):
        raise WithheldError("what is made has no name that it could keep")
    name = around.optional_vars.id
    bound = [item for item in ast.walk(function.node) if is_name(item, name) and not _is_read(item)]
    if len(bound) > 1 or any(param.name == name for param in function.params) or name in function.body.globals:
        raise WithheldError(f"{name} stands for several things in {function.qualname}")
    text = f"{name} = {draft.text(module, call)}"
    unwrap(draft, module, block)
    put_above(draft, function, call, name, lines_at_top(text, draft.source(module).indent(block)))


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)

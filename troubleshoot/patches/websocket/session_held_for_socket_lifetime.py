"""The session is opened in the loop, round what is done for one message."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_within
from troubleshoot.code.topics.websockets import RECEIVES, socket_calls
from troubleshoot.patches.openings import opened_for, opening_of
from troubleshoot.patching.blocks import move_inside
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.signatures import drop_parameters
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Open the session for each message: where the endpoint opens it, or instead of its dependency."""
    function, module = sighting.function, sighting.module
    loop, opened = sighting.nodes["loop"], sighting.nodes.get("opened")
    if function is None or not isinstance(loop, (ast.While, ast.For, ast.AsyncFor)):
        raise WithheldError("the endpoint has no loop of its own")
    if isinstance(opened, (ast.With, ast.AsyncWith)):
        name = opened.items[0].optional_vars
        if len(opened.items) > 1 or not isinstance(name, ast.Name):
            raise WithheldError("more is opened together with the session")
        work = _work(draft.project, function, loop, name.id)
        move_inside(draft, module, opened, work)
        return
    param = next((item for item in function.params if sighting.node in (item.annotation, item.default)), None)
    if param is None:
        raise WithheldError("the session is closed in a place of its own")
    work = _work(draft.project, function, loop, param.name)
    opening = opening_of(draft.project, param.name, function)
    draft.deepen(module, work, f"{opening.keyword} {opened_for(draft, opening, module)} as {param.name}:")
    drop_parameters(draft, function, {param.name})


def _work(project: Project, function: Function, loop: ast.While | ast.For | ast.AsyncFor, name: str) -> list[ast.stmt]:
    """Return what is done with the session for one message: all that follows its first use."""
    receives = [call for found, call in socket_calls(project, function) if found in RECEIVES]
    block = loop.body
    while True:
        first = next((item for item in block if _names(item, name)), None)
        if first is None:
            raise WithheldError("the session is not used in the loop")
        if not any(is_within(call, first) for call in receives):
            break
        if not isinstance(first, ast.Try):
            raise WithheldError("the session is used in the statement that receives")
        block = first.body
    work = block[block.index(first) :]
    uses = [item for statement in function.node.body for item in _names(statement, name)]
    if any(isinstance(item.ctx, ast.Load) and not any(is_within(item, inner) for inner in work) for item in uses):
        raise WithheldError("the session is used for more than one message")
    return work


def _names(node: ast.AST, name: str) -> list[ast.Name]:
    return [item for item in ast.walk(node) if isinstance(item, ast.Name) and item.id == name]

"""The override is written to the application that answers."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import nodes_in, parent, statement_of
from troubleshoot.code.topics.overrides import NAME
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import module_with
from troubleshoot.patching.objects import imported
from troubleshoot.patching.room import free_name
from troubleshoot.patching.texts import WithheldError

OF_ONE = frozenset(("pop", "get", "setdefault"))
"""Methods of the mapping that are about one key."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Write to the other application, and take back from it, wherever the function does that for this key."""
    target, module, function = sighting.nodes["target"], sighting.module, sighting.function
    around = function.node.body if function else module.tree.body
    if isinstance(target, ast.Call):
        _keep(draft, sighting, target)
        return
    if "application" not in sighting.nodes:
        raise WithheldError("nothing shows which application answers")
    made, key = sighting.nodes["application"], ast.dump(sighting.nodes["key"])
    origin = module_with(draft.project, made)
    name = next(name for name, values in origin.body.assigned.items() if made in values)
    spelled = imported(draft, Scope(module, function), origin, name)
    mappings = [
        node
        for node in nodes_in(around)
        if isinstance(node, ast.Attribute) and node.attr == NAME and ast.dump(node.value) == ast.dump(target)
    ]
    keys = [ast.dump(used) if used is not None else "" for used in map(_key, mappings)]
    if "" in keys and {*keys} != {"", key}:
        raise WithheldError("other overrides of the application are taken back together with this one")
    for mapping, used in zip(mappings, keys, strict=True):
        if used in ("", key):
            draft.replace(module, mapping.value, spelled)


def _key(mapping: ast.Attribute) -> ast.AST | None:
    """Return the key that a use of the mapping is about; None if it is about all of it."""
    around = parent(mapping)
    if isinstance(around, ast.Subscript):
        return around.slice
    call = parent(around) if isinstance(around, ast.Attribute) and around.attr in OF_ONE else None
    return call.args[0] if isinstance(call, ast.Call) and call.args else None


def _keep(draft: Draft, sighting: Sighting, target: ast.Call) -> None:
    """Keep the application that a function makes for the override, and use it where another one is made behind it."""
    module, function, statement = sighting.module, sighting.function, statement_of(target)
    if function is None or statement is None:
        raise WithheldError("the application is made while the module is imported")
    made = [call for call in function.body.calls if ast.dump(call) == ast.dump(target)]
    if len(made) == 1:
        raise WithheldError("nothing shows which application answers")
    if min(made, key=lambda call: (call.lineno, call.col_offset)) is not target:
        raise WithheldError("the application is made above the override, too")
    name = free_name(module, "app", "application")
    draft.before(module, statement, f"{name} = {draft.text(module, target)}")
    for call in made:
        draft.replace(module, call, name)

"""Depends gets the class for an object that is made there, or the only method of a checker."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Write `Depends(Orders)` for `Depends(Orders())`, and `Depends(checker.check)` where the object only checks."""
    module, given = sighting.module, sighting.nodes["given"]
    use = next(use for use in draft.project.depends if use.call is sighting.node)
    assert isinstance(use.value, Instance)
    cls = use.value.of
    if use.holder is None or _is_for_something_else(draft, use.holder, sighting.node, cls):
        names = [name for name in cls.methods if not name.startswith("_")]
        if len(names) != 1 or cls.methods[names[0]].node.decorator_list or cls.node.bases:
            raise WithheldError(f"which method of {cls.name} is meant cannot be seen")
        draft.replace(module, given, f"{draft.text(module, given)}.{names[0]}")
    elif not isinstance(given, ast.Call):
        raise WithheldError("the object itself may be meant, for which a function that returns it is needed")
    elif given.args or given.keywords:
        raise WithheldError("the class is given arguments, which Depends would not pass")
    else:
        draft.replace(module, given, draft.text(module, given.func))


def _is_for_something_else(draft: Draft, holder: Function, call: ast.AST, cls: Class) -> bool:
    """Return whether the parameter with a `Depends` is annotated with another type than the object's."""
    scope = Scope(holder.module, holder.outer)
    for param in holder.params:
        if param.annotation is not None and (param.default is call or call in ast.walk(param.annotation)):
            annotation: ast.expr = param.annotation
            if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple):
                annotation = annotation.slice.elts[0]
            return draft.project.inference.annotation(annotation, scope) != Instance(cls)
    return False

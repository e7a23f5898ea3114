"""Where an object is made."""

from __future__ import annotations

import ast

from troubleshoot.code.application.parts import Origin
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.syntax.modules import Module


def assigned_to(call: ast.Call, scope: Scope) -> Origin | None:
    """Return where the object that a call makes gets its name; None if it gets none."""
    body = scope.function.body if scope.function else scope.module.body
    for name, values in body.assigned.items():
        if call in values:
            return (scope.module.path, f"{scope.function.qualname}.{name}" if scope.function else name)
    return None


def origin_of(inference: Inference, node: ast.expr, scope: Scope) -> Origin | None:
    """Return where the object that `node` names is made, through imports and modules' attributes."""
    if isinstance(node, ast.Name):
        function = scope.function
        while function is not None:
            if node.id in function.body.assigned:
                return (function.module.path, f"{function.qualname}.{node.id}")
            if any(param.name == node.id for param in function.params):
                return None
            function = function.outer
        return _module_origin(inference, scope.module, node.id)
    if isinstance(node, ast.Attribute):
        base = inference.value(node.value, scope)
        return _module_origin(inference, base, node.attr) if isinstance(base, Module) else None
    return None


def _module_origin(inference: Inference, module: Module, name: str, seen: int = 0) -> Origin | None:
    if name in module.body.assigned or seen > 8:
        return (module.path, name)
    imported = inference.import_of(name, module)
    target = inference.module_of(imported[0], module) if imported is not None else None
    if imported is None or not isinstance(target, Module):
        return None
    return _module_origin(inference, target, imported[1], seen + 1)

"""What an object of the project is called in another of its modules, which may have to import it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def name_of(draft: Draft, module: Module, thing: Function | Class, line: int) -> str:
    """Return the name of a function or class of the project for use in a line of `module`, importing it if need be.

    Raises `WithheldError` where it is not known there yet, or where nothing shows how it is imported.
    """
    if isinstance(thing, Function) and (thing.outer is not None or thing.owner is not None):
        raise WithheldError(f"{thing.qualname} cannot be named in {module.path}")
    if thing.module is module:
        if thing.node.lineno > line:
            raise WithheldError(f"{thing.name} is defined further below")
        return thing.name
    for name in module.imports:
        value = draft.project.inference.global_name(name, module)
        if getattr(value, "node", None) is thing.node:
            return name
        if value is thing.module:
            return f"{name}.{thing.name}"
    for spelled in _spellings(draft, module, thing.module):
        return draft.name(module, f"{spelled}.{thing.name}")
    raise WithheldError(f"nothing shows how {module.path} would import {thing.name}")


def imported(draft: Draft, scope: Scope, origin: Module, name: str) -> str:
    """Return what an object at the top of `origin` is called in a scope, importing it if need be."""
    if scope.function is not None and name in scope.function.names:
        raise WithheldError(f"{name} stands for something else in {scope.function.qualname}")
    if scope.module is origin:
        return name
    for spelled in _spellings(draft, scope.module, origin):
        return draft.name(scope.module, f"{spelled}.{name}")
    raise WithheldError(f"nothing shows how {scope.module.path} would import {name}")


def carried(draft: Draft, node: ast.expr, origin: Module, module: Module, line: int) -> str:
    """Return the text of an expression of the top level of `origin` for use in a line of another module.

    Raises `WithheldError` where a name in it would be another there.
    """
    text = draft.text(origin, node)
    if "\n" in text:
        raise WithheldError("what would have to be copied takes several lines")
    for item in ast.walk(node) if origin is not module else ():
        if isinstance(item, ast.Name) and _name(draft, item.id, origin, module, line) != item.id:
            raise WithheldError(f"{item.id} has another name in {module.path}")
    return text


def _name(draft: Draft, name: str, origin: Module, module: Module, line: int) -> str:
    inference = draft.project.inference
    value = inference.global_name(name, origin)
    if isinstance(value, (Function, Class)):
        return name_of(draft, module, value, line)
    if value == f"builtins.{name}" or (value is not None and value == inference.global_name(name, module)):
        return name
    statement, original = origin.imports.get(name, (None, ""))
    if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        return draft.name(module, f"{statement.module}.{original}")
    if name in origin.body.assigned:
        for spelled in _spellings(draft, module, origin):
            return draft.name(module, f"{spelled}.{name}")
    raise WithheldError(f"nothing shows what {name} is in {module.path}")


def _spellings(draft: Draft, module: Module, target: Module) -> Iterator[str]:
    """Yield how a module is written behind `from`: in this one first, else in others, else as its neighbours are."""
    for other in (module, *(item for item in draft.project.files.modules() if item is not module)):
        for statement in other.body.imports:
            if isinstance(statement, ast.ImportFrom) and statement.module:
                is_same = other.package == module.package or not statement.level
                if is_same and draft.project.inference.module_of(statement, other) is target:
                    yield "." * statement.level + statement.module
    for statement in module.body.imports:
        if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            known = draft.project.inference.module_of(statement, module)
            root, is_below, _ = _stem(known).rpartition(statement.module) if isinstance(known, Module) else ("", "", "")
            if is_below and _stem(target).startswith(root):
                yield _stem(target).removeprefix(root)


def _stem(module: Module) -> str:
    """Return the path of a module from the root of the project, with dots."""
    return module.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

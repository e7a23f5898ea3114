"""`Depends` around the function that stands bare, or with the one dependency that gives such an object."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Param
from troubleshoot.code.topics.parameters import injected
from troubleshoot.patches.dependencies import alias_for, declare, giving
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.objects import name_of
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Declare the dependency that is named, or the only one of the project that gives the parameter's type."""
    function, module, bare = sighting.function, sighting.module, sighting.nodes.get("bare")
    assert function is not None
    if bare is not None:
        draft.replace(module, bare, f"{draft.name(module, 'fastapi.Depends')}({draft.text(module, bare)})")
        return
    param = next(item for item in function.params if item.annotation is sighting.node)
    assert param.annotation is not None
    line = function.node.lineno
    dependency = _dependency(draft.project, function, param)
    alias = alias_for(draft.project, module, dependency, line)
    if alias and param.default is None:
        draft.replace(module, param.annotation, alias)
        return
    given = name_of(draft, module, dependency, line) if isinstance(dependency, Function) else ""
    if not given and isinstance(param.annotation, ast.Constant):
        raise WithheldError("FastAPI does not look up a quoted type behind Depends")
    declare(draft, function, param, f"{draft.name(module, 'fastapi.Depends')}({given})")


def _dependency(project: Project, function: Function, param: Param) -> Function | Class:
    assert param.annotation is not None
    value = project.inference.annotation(param.annotation, Scope(function.module, function.outer))
    assert value is not None
    found = giving(project, value, function)
    name = value.of.name if isinstance(value, Instance) else str(value).removesuffix("()").rpartition(".")[2]
    if len(found) > 1:
        raise WithheldError(f"several dependencies give {name}: {', '.join(item.name for item in found)}")
    if found:
        return found[0]
    if isinstance(value, Instance) and not value.of.node.bases:
        if all(method.startswith("__") for method in value.of.methods):
            raise WithheldError(f"{name} has no methods, so it may be meant as data of the request")
        init = project.inference.method(value.of, "__init__")
        if init is None:
            return value.of
        if isinstance(init, Function) and all(item.name in injected(project, init) for item in init.params[1:]):
            return value.of
    raise WithheldError(f"the project has no dependency that gives {name}")

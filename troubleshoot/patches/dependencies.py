"""How the parameters of a file declare what is injected: in Annotated, or as the default."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Elements, Scope, Value
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function, Module, Param
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.imports import known_as
from troubleshoot.patching.objects import carried, name_of
from troubleshoot.patching.texts import WithheldError

YIELDED = ("Generator", "AsyncGenerator", "Iterator", "AsyncIterator", "Iterable", "AsyncIterable")


def annotated(draft: Draft, module: Module) -> str:
    """Return what `Annotated` is called in a module."""
    return known_as(module, "typing_extensions.Annotated") or draft.name(module, "typing.Annotated")


def in_default(project: Project, module: Module) -> bool:
    """Return whether a file, or else the project, mostly writes `db: Session = Depends(get_db)`."""
    held = [use for use in project.dependencies if use.holder is not None]
    here = [use for use in held if use.holder is not None and use.holder.module is module]
    votes = [
        any(param.default is use.call for param in use.holder.params) for use in here or held if use.holder is not None
    ]
    return votes.count(True) * 2 > len(votes)


def may_have_default(function: Function, param: Param) -> bool:
    """Return whether a parameter has no default yet, and no parameter without one behind it."""
    if param.kind == "keyword":
        return param.default is None
    positional = [item for item in function.params if item.kind == "positional"]
    following = positional[positional.index(param) + 1 :]
    return param.default is None and all(item.default is not None for item in following)


def declare(draft: Draft, function: Function, param: Param, depends: str) -> None:
    """Declare that a parameter is injected, in the file's own style."""
    module, source = function.module, draft.source(function.module)
    assert param.annotation is not None
    start, end = source.span(param.annotation)
    if in_default(draft.project, module) and may_have_default(function, param):
        draft.put(module, end, end, f" = {depends}")
    else:
        draft.put(module, start, start, f"{annotated(draft, module)}[")
        draft.put(module, end, end, f", {depends}]")


def alias_for(project: Project, module: Module, dependency: Function | Class, line: int) -> str:
    """Return the name that a module has above a line for `Annotated[…, Depends(dependency)]`, or nothing."""
    scope = Scope(module)
    for name in (*module.imports, *module.body.assigned):
        alias = project.inference.alias(name, scope)
        if alias is None or not isinstance(alias[0], ast.Subscript) or not isinstance(alias[0].slice, ast.Tuple):
            continue
        places = [item.lineno for item in module.body.assigned.get(name, ())] or [0]
        injected = [project.inference.dependency(item, alias[1]) for item in alias[0].slice.elts[1:]]
        if places[0] < line and any(getattr(item, "node", None) is dependency.node for item in injected):
            return name
    return ""


def giving(project: Project, value: Value, asking: Function) -> list[Function]:
    """Return the dependencies that give a value: those that are used as such, else generators that could be."""
    used = [
        item
        for item in project.called_as("dependency")
        if _is_for(item, asking) and project.inference.injected(item) == value
    ]
    if used:
        return used
    found = []
    for module in project.files.modules("yield"):
        for function in module.top_level:
            if function.is_generator and not function.node.decorator_list and _is_for(function, asking):
                result = project.inference.result(function)
                if isinstance(result, Elements) and result.of == value:
                    found.append(function)
    return found


def _is_for(function: Function, asking: Function) -> bool:
    is_test = any(part.startswith("test") or part == "conftest.py" for part in function.module.path.split("/"))
    return function is not asking and not is_test and function.outer is None and function.owner is None


def type_given(draft: Draft, module: Module, given: ast.expr, scope: Scope, line: int) -> str:
    """Return the type of what a dependency gives, as it is written in `module`, or nothing if that is not known."""
    project = draft.project
    value = project.value(given, scope)
    if isinstance(value, Class):
        return draft.text(scope.module, given)
    if not isinstance(value, Function):
        return ""
    declared = value.node.returns
    if value.is_generator and isinstance(declared, ast.Subscript):
        name = ast.unparse(declared.value).rpartition(".")[2]
        inside = declared.slice.elts[0] if isinstance(declared.slice, ast.Tuple) else declared.slice
        declared = inside if name in YIELDED else None
    elif value.is_generator:
        declared = None
    try:
        if declared is not None:
            return carried(draft, declared, value.module, module, line)
        result = project.inference.injected(value)
        cls = getattr(result, "of", None)
        if isinstance(cls, Class):
            return name_of(draft, module, cls, line)
        if isinstance(result, str) and result.count("(") == 1 and result.endswith("()"):
            return draft.name(module, result[:-2]) if result[:-2].rpartition(".")[2][:1].isupper() else ""
    except WithheldError:
        return ""
    return ""

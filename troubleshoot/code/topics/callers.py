"""Who calls a function, wherever it stands: on behalf of a request, or of nobody that FastAPI knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import last_name


def callers(project: Project, function: Function) -> Iterator[tuple[Function | Module, ast.Call]]:
    """Yield each call of a function, or of something of its name that nobody knows, with where it stands."""
    for module in project.files.modules(function.name):
        places: list[Function | Module] = [module, *module.all_functions]
        for where in places:
            for call in where.body.calls:
                if last_name(call.func) == function.name:
                    value = project.value(call.func, where)
                    if value is None or getattr(value, "function", value) is function:
                        yield where, call


def runs_on_import(project: Project, function: Function) -> bool:
    """Return whether nothing but the top level of a module calls a function: it is what a script does."""
    calls = list(callers(project, function))
    return bool(calls) and all(isinstance(where, Module) for where, _ in calls)

"""Where a program starts its server itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import keyword


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A call of `uvicorn.run`."""

    call: ast.Call
    module: Module
    function: Function | None

    @property
    def reloads(self) -> bool:
        """Whether it watches the files."""
        return reloads(self.call)

    @property
    def workers(self) -> int:
        """How many processes it starts; 1 if that is not written there as a number."""
        return workers(self.call)


def reloads(call: ast.Call) -> bool:
    """Return whether a call of `uvicorn.run` or `uvicorn.Config` asks for reload."""
    value = keyword(call, "reload")
    return isinstance(value, ast.Constant) and value.value is True


def workers(call: ast.Call) -> int:
    """Return how many processes such a call asks for; 1 if that is not written there as a number."""
    value = keyword(call, "workers")
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, int) else 1


def runs(project: Project) -> Iterator[Run]:
    """Yield the calls of `uvicorn.run` in the modules that speak of FastAPI."""
    for module in project.modules:
        if not module.mentions(b"uvicorn"):
            continue
        for call in module.body.calls:
            if project.path(call.func, Scope(module)) == "uvicorn.run":
                yield Run(call, module, None)
        for function in module.all_functions:
            for call in function.body.calls:
                if project.path(call.func, function) == "uvicorn.run":
                    yield Run(call, module, function)

"""What is put into an object from outside: `manager.client = …`, `app.state.client = …`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from troubleshoot.code.inference.imports import Imports
from troubleshoot.code.inference.values import Instance, Scope, Value
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import last_name

MOST_FILES = 12
"""Among how many files that assign to an attribute of a name the right one is looked for."""
APPLICATIONS = ("fastapi.FastAPI()", "starlette.applications.Starlette()")
CONNECTIONS = ("fastapi.Request()", "fastapi.WebSocket()", "starlette.requests.HTTPConnection()")


@dataclass(eq=False)
class Stores(Imports):
    """Finds assignments to attributes of other objects than `self`."""

    _stored: dict[tuple[int | str, str], Value | None] = field(default_factory=dict)

    def stored_in(self, cls: Class, name: str) -> Value | None:
        """Return what is assigned to an attribute of an instance of `cls` from outside."""

        def fits(target: ast.expr, scope: Scope) -> bool:
            value = self.value(target, scope)
            return isinstance(value, Instance) and value.of.node is cls.node

        return self._store((id(cls.node), name), fits)

    def state(self, path: str, name: str) -> Value | None:
        """Return what is assigned to `app.state.NAME`, or to `request.state.NAME`; `path` is what stands before it."""
        of_application = path.endswith(".app.state") or path.removesuffix(".state") in APPLICATIONS
        if not of_application and path.removesuffix(".state") not in CONNECTIONS:
            return None

        def fits(target: ast.expr, scope: Scope) -> bool:
            if not isinstance(target, ast.Attribute) or target.attr != "state":
                return False
            owner = self.path(target.value, scope)
            if owner:
                return (owner in APPLICATIONS or owner.endswith(".app")) == of_application
            return (last_name(target.value) in ("app", "application")) == of_application

        return self._store(("app" if of_application else "request", name), fits)

    def _store(self, key: tuple[int | str, str], fits: Callable[[ast.expr, Scope], bool]) -> Value | None:
        if key not in self._stored:
            self._stored[key] = None
            found = (
                self.value(value, scope)
                for target, value, scope in self._assignments(key[1])
                if fits(target.value, scope)
            )
            self._stored[key] = next((value for value in found if value is not None), None)
        return self._stored[key]

    def _assignments(self, name: str) -> Iterator[tuple[ast.Attribute, ast.expr, Scope]]:
        paths = self.files.glance.storing(name)
        for path in paths if len(paths) <= MOST_FILES else ():
            module = self.files.module(path)
            if module is None:
                continue
            stored = re.compile(rb"\.%b\b[^=\n]*=" % re.escape(name.encode()))
            lines = [number for number, line in enumerate(module.lines, 1) if stored.search(line)]
            inside = (function for function in module.all_functions if _has_line(function, lines))
            for scope in (Scope(module), *map(Scope.of, inside)):
                body = scope.function.body if scope.function else scope.module.body
                for target, value in body.stored_attributes:
                    if target.attr == name:
                        yield target, value, scope


def _has_line(function: Function, lines: list[int]) -> bool:
    return any(function.node.lineno <= line <= (function.node.end_lineno or 0) for line in lines)

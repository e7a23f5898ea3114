"""One project, as detectors see it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from troubleshoot.code.application.application import Application
from troubleshoot.code.application.parts import DependencyUse, Registration, Route, Sent
from troubleshoot.code.application.reach import Reach, Reached, Task
from troubleshoot.code.files import Files
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Scope, Value
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.model import Role


@dataclass(eq=False)
class Project:
    """The files below one root and what is understood of them; everything is computed when it is first asked for.

    `only`, if given, are the files whose routes and functions are looked at; the others are read when they are needed.
    """

    files: Files
    only: Sequence[str] | None = None
    inference: Inference = field(init=False)
    injected: dict[Function, dict[str, tuple[ast.Call, Scope]]] = field(default_factory=dict)
    started: dict[Function, list[ast.Call]] = field(default_factory=dict)
    catching: dict[ast.Try, ast.ExceptHandler | None] = field(default_factory=dict)
    sent: list[Sent] | None = None
    _scopes: dict[Function | Module, Scope] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.inference = Inference(self.files)

    @cached_property
    def application(self) -> Application:
        """What FastAPI would build."""
        return Application(self.files, self.inference, self.only).build()

    @cached_property
    def reach(self) -> Reach:
        """What runs where."""
        return Reach(self.application).explore()

    @property
    def modules(self) -> list[Module]:
        """The files that an application is made of, without those that it only imports."""
        return self.application.modules

    @property
    def routes(self) -> list[Route]:
        """The routes, in the order of files and of lines."""
        return self.application.routes

    @property
    def dependencies(self) -> list[DependencyUse]:
        """Every `Depends(…)` and `Security(…)`."""
        return self.application.dependencies

    @cached_property
    def depends(self) -> list[DependencyUse]:
        """Every `Depends(…)` once, however many functions have it through an alias."""
        return list({use.call: use for use in reversed(self.dependencies)}.values())

    @cached_property
    def _held(self) -> dict[Function, list[DependencyUse]]:
        found: dict[Function, list[DependencyUse]] = {}
        for use in self.dependencies:
            if use.holder is not None:
                found.setdefault(use.holder, []).append(use)
        return found

    def dependencies_of(self, function: Function) -> list[DependencyUse]:
        """Return what the parameters of `function` depend on."""
        return self._held.get(function, [])

    @property
    def tasks(self) -> list[Task]:
        """The functions handed to background tasks."""
        return self.reach.tasks

    @cached_property
    def functions(self) -> list[Function]:
        """Every function of the modules, and those that requests reach besides."""
        own = dict.fromkeys(function for module in self.modules for function in module.all_functions)
        return list(own | dict.fromkeys(reached.function for reached in self.reach))

    @cached_property
    def classes(self) -> list[Class]:
        """The classes of the modules."""
        return [value for module in self.modules for value in module.classes.values()]

    def registrations(self, *kinds: str) -> list[Registration]:
        """Return the registrations of these kinds, in order."""
        return [item for item in self.application.registrations if item.kind in kinds]

    def reached_as(self, *roles: Role) -> Iterator[Reached]:
        """Yield the functions that are reached as one of `roles`, whether called by FastAPI or further below."""
        return (reached for reached in self.reach if reached.role in roles)

    def called_as(self, *roles: Role) -> Iterator[Function]:
        """Yield the functions that FastAPI itself calls as one of `roles`, each once."""
        return iter(dict.fromkeys(root.function for root in self.application.roots if root.role in roles))

    @cached_property
    def _paths(self) -> dict[Function, str]:
        return {route.function: route.path for route in reversed(self.routes) if route.path is not None}

    def path_of(self, function: Function) -> dict[str, str]:
        """Return the `path` of a function's first route, as a detector captures it; nothing if it has none."""
        return {"path": self._paths[function]} if self._paths.get(function) else {}

    def value(self, node: ast.expr | None, where: Function | Module | Scope) -> Value | None:
        """Return what an expression in `where` is, or None."""
        return self.inference.value(node, self._scope(where))

    def path(self, node: ast.expr | None, where: Function | Module | Scope) -> str:
        """Return the library's qualified name that an expression in `where` is, or the empty string."""
        value = self.inference.value(node, self._scope(where))
        return value if isinstance(value, str) else ""

    def is_exception(self, node: ast.expr | None, where: Function | Module | Scope, *paths: str) -> bool:
        """Return whether an `except` clause's type is, or has among several, one of these qualified names."""
        several = node.elts if isinstance(node, ast.Tuple) else [node]
        return any(self.path(item, where) in paths for item in several if item is not None)

    def _scope(self, where: Function | Module | Scope) -> Scope:
        if isinstance(where, Scope):
            return where
        known = self._scopes.get(where)
        if known is None:
            known = self._scopes[where] = Scope.of(where) if isinstance(where, Function) else Scope(where)
        return known

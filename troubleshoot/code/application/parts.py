"""The parts of an application: routes, what is registered, dependencies, and the functions that FastAPI calls."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import NamedTuple

from troubleshoot.code.inference.values import Scope, Value
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import keyword, text_of
from troubleshoot.model import Place, Role

Origin = tuple[str, str]
"""Where an object is made: the path of the file, and the name it is assigned to."""


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A path operation or WebSocket route; `methods` is empty for a WebSocket, `path` None if it is not a literal."""

    function: Function
    methods: tuple[str, ...]
    path: str | None
    call: ast.Call
    scope: Scope
    router: Origin | None

    @property
    def is_websocket(self) -> bool:
        """Whether it is a WebSocket route."""
        return not self.methods


class Sent(NamedTuple):
    """A request that source of the project sends, with the end of its address as far as it is told.

    `routes` are those at this address, whatever their methods.
    """

    module: Module
    function: Function | None
    call: ast.Call
    method: str
    address: str
    routes: tuple[Route, ...]

    @property
    def scope(self) -> Scope:
        """Where it is sent."""
        return Scope(self.module) if self.function is None else Scope.of(self.function)


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """A call such as `app.add_middleware(…)`: what it is made on, what it passes, and where it stands.

    `kind` is `middleware`, `router`, `mount`, `handler`, `event`, `app` or `router made`; `value` is the middleware's
    class, the function or the application.
    """

    kind: str
    owner: Origin | None
    value: Value | None
    call: ast.Call
    scope: Scope
    other: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DependencyUse:
    """One `Depends(…)`: the callable, the call, and the function whose parameter it is, if it is one's."""

    value: Value | None
    call: ast.Call
    scope: Scope
    holder: Function | None

    @property
    def given(self) -> ast.expr | None:
        """What stands inside, as it is written; None in `Depends()`."""
        return self.call.args[0] if self.call.args else keyword(self.call, "dependency")


@dataclass(frozen=True, slots=True, eq=False)
class Root:
    """A function that FastAPI itself calls: as what, and where it runs."""

    function: Function
    role: Role
    place: Place


def top_folder(path: str) -> str:
    """Return the folder in a project's root that a file is below; nothing for one in the root itself."""
    folder, slash, _ = path.partition("/")
    return folder if slash else ""


def methods_named(call: ast.Call, module: Module) -> tuple[str, ...]:
    """Return the methods that a call names by `methods=[...]`, or by a list of that module; GET without them."""
    node = keyword(call, "methods")
    written = module.body.assigned.get(node.id, []) if isinstance(node, ast.Name) else []
    node = written[0] if len(written) == 1 else node
    found = tuple(text_of(item).upper() for item in node.elts) if isinstance(node, (ast.List, ast.Tuple)) else ()
    return found or ("GET",)

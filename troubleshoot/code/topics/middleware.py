"""Middleware in source: the layers of each application in the order in which they were added, and what they do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.application.origins import origin_of
from troubleshoot.code.application.parts import Origin, Registration
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import last_name, text_of

HTTP_MIDDLEWARE = "starlette.middleware.base.BaseHTTPMiddleware"
ANSWERING = (
    "starlette.middleware.trustedhost.TrustedHostMiddleware",
    "fastapi.middleware.trustedhost.TrustedHostMiddleware",
    "starlette.middleware.authentication.AuthenticationMiddleware",
    "slowapi.middleware.SlowAPIMiddleware",
)
"""Middleware of libraries that refuses requests itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One middleware of an application: where it was added, and the function that runs, if it is known."""

    registration: Registration
    function: Function | None

    @property
    def path(self) -> str:
        """The qualified name of a library's class, or the empty string."""
        return self.registration.value if isinstance(self.registration.value, str) else ""

    @property
    def name(self) -> str:
        """What it is called."""
        value = self.registration.value
        return value.name if isinstance(value, (Class, Function)) else self.path.rpartition(".")[2] or "a middleware"

    @property
    def answers(self) -> bool:
        """Whether it may answer by itself, without calling the application."""
        if self.function is None:
            return self.path in ANSWERING
        return any(True for _ in own_answers(self.function))


def layers(project: Project) -> dict[Origin, list[Layer]]:
    """Return the middleware of each application, the innermost, which was added first, first."""
    found: dict[Origin, list[Layer]] = {}
    items = [item for item in project.registrations("middleware") if item.owner is not None]
    for item in sorted(items, key=lambda item: (item.scope.module.path, item.call.lineno)):
        assert item.owner is not None
        found.setdefault(item.owner, []).append(Layer(item, _runs(project, item)))
    return found


def _runs(project: Project, item: Registration) -> Function | None:
    if isinstance(item.value, Function):
        return item.value
    if isinstance(item.value, Class):
        for name in ("dispatch", "__call__"):
            method = project.inference.method(item.value, name)
            if isinstance(method, Function):
                return method
    return None


def http_middleware(project: Project) -> Iterator[Function]:
    """Yield the functions with `call_next`: decorated ones, and `dispatch` methods."""
    for function in project.called_as("middleware"):
        if function.name == "dispatch" or (function.owner is None and len(function.params) == 2):
            yield function


def asgi_middleware(project: Project) -> Iterator[Function]:
    """Yield the `__call__(scope, receive, send)` methods of middleware classes."""
    for function in project.called_as("middleware"):
        if function.name == "__call__" and function.owner is not None and len(function.params) == 4:
            yield function


def next_call(function: Function) -> ast.Call | None:
    """Return the call of `call_next`, or None."""
    name = function.params[-1].name if function.params else ""
    return next(
        (call for call in function.body.calls if isinstance(call.func, ast.Name) and call.func.id == name), None
    )


def own_answers(function: Function) -> Iterator[ast.Return | ast.Call]:
    """Yield where a middleware answers by itself: a response it makes and returns, or awaits."""
    for statement in function.body.returns:
        value = statement.value
        if isinstance(value, ast.Call) and last_name(value.func).endswith(("Response", "response")):
            yield statement
    for call in function.body.calls:
        made = call.func
        by_name = isinstance(made, ast.Name) and _made_response(made.id, function)
        at_once = isinstance(made, ast.Call) and last_name(made.func).endswith("Response")
        if (by_name or at_once) and len(call.args) == 3:
            yield call


def _made_response(name: str, function: Function) -> bool:
    return any(
        isinstance(value, ast.Call) and last_name(value.func).endswith("Response")
        for value in function.body.assigned.get(name, ())
    )


def is_cors(layer: Layer) -> bool:
    """Return whether a layer is Starlette's CORSMiddleware."""
    return layer.path == "starlette.middleware.cors.CORSMiddleware"


def cors_layers(project: Project) -> Iterator[Layer]:
    """Yield every CORSMiddleware, also one that a function adds to what it is given, or returns in a list."""
    found = (Layer(item, None) for item in project.registrations("middleware"))
    return (layer for layer in found if is_cors(layer))


def literals(project: Project, node: ast.expr | None, scope: Scope) -> list[ast.expr]:
    """Return the literals that an expression may come from: those of each branch."""
    if isinstance(node, ast.IfExp):
        return [*literals(project, node.body, scope), *literals(project, node.orelse, scope)]
    values = scope.function.body.assigned.get(node.id, ()) if isinstance(node, ast.Name) and scope.function else ()
    if isinstance(node, ast.Name) and not values:
        values = scope.module.body.assigned.get(node.id, ())
    if len(values) > 1 or (values and isinstance(values[0], ast.IfExp)):
        return [item for value in values for item in literals(project, value, scope)]
    found = literal(project, node, scope)
    return [found] if found is not None else []


def literal(project: Project, node: ast.expr | None, scope: Scope) -> ast.expr | None:
    """Return the literal that an expression comes from: through names, settings' defaults and environment defaults."""
    for _ in range(6):
        match node:
            case ast.Name():
                body = scope.function.body if scope.function is not None else scope.module.body
                values = body.assigned.get(node.id) or scope.module.body.assigned.get(node.id)
                origin = origin_of(project.inference, node, scope)
                if values:
                    node = values[-1]
                elif origin is not None and (module := project.files.module(origin[0])) is not None:
                    found = module.body.assigned.get(origin[1])
                    node, scope = (found[-1] if found else None), Scope(module)
                else:
                    return None
            case ast.Attribute():
                owner = getattr(project.value(node.value, scope), "of", None)
                if not isinstance(owner, Class):
                    return None
                holders = [owner, *(base for base in project.inference.bases(owner) if isinstance(base, Class))]
                node = next((item.attributes[node.attr][0] for item in holders if node.attr in item.attributes), None)
            case ast.Call(func=ast.Attribute(attr="split" | "strip"), args=_):
                node = node.func.value  # type: ignore[attr-defined]
            case ast.Call() if len(node.args) > 1 and project.path(node.func, scope) in ("os.getenv", "os.environ.get"):
                node = node.args[1]
            case _:
                return node
    return node


def strings(node: ast.expr | None) -> list[tuple[str, ast.expr]]:
    """Return the strings in a literal list, or the one that it is, with their nodes."""
    items = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else [node] if node is not None else []
    return [(text_of(item), item) for item in items if text_of(item)]

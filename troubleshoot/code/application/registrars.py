"""Decorators and helpers of the project's own that make a route of a function they are given."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from troubleshoot.code.application.parts import Root
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Bound, Scope, Value
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, keyword, last_name
from troubleshoot.model import Role

ADDS = ("add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route")
ROUTES = ("get", "post", "put", "patch", "delete", "options", "head", "trace", "api_route", "route", "websocket")
Given = Mapping[str, tuple[ast.expr, Scope]]
"""What a call gives for the parameters of a function, and where it stands."""


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """A route that a function makes: `of` its own parameter, or that of the decorator inside it, by `method`."""

    method: ast.expr
    within: Function
    param: str
    is_own: bool


@dataclass(eq=False)
class Registrars:
    """Finds the functions that the project's own decorators and helpers make routes of.

    `is_router` tells whether an object is a router or an application.
    """

    inference: Inference
    is_router: Callable[[Value | None], bool]
    _known: dict[Function, list[_Made]] = field(default_factory=dict)

    def decorated(self, decorator: ast.expr, function: Function) -> Iterator[Root]:
        """Yield a function that one of the project's decorators makes a route of."""
        node = decorator.func if isinstance(decorator, ast.Call) else decorator
        scope = Scope(function.module, function.outer)
        called = self.inference.value(node, scope)
        for made in self._made_by(called):
            first = next(iter(_open(called)), "")
            if made.is_own is not isinstance(decorator, ast.Call) and (not made.is_own or made.param == first):
                given = _given(called, decorator, scope) if isinstance(decorator, ast.Call) else {}
                yield from self._root(made, given, function)

    def called(self, call: ast.Call, called: Value | None, scope: Scope) -> Iterator[Root]:
        """Yield the function that a call to one of the project's helpers makes a route of."""
        for made in self._made_by(called):
            given = _given(called, call, scope) if made.is_own else {}
            node, where = given.get(made.param, (None, scope))
            value = self.inference.value(node, where)
            function = value.function if isinstance(value, Bound) else value
            if isinstance(function, Function):
                yield from self._root(made, given, function)

    def _root(self, made: _Made, given: Given, function: Function) -> Iterator[Root]:
        method, scope = made.method, Scope.of(made.within)
        if isinstance(method, ast.Name):
            method, scope = given.get(method.id, (method, scope))
        if isinstance(method, ast.Call) and last_name(method.func) == "getattr" and method.args:
            router, name = method.args[0], "getattr"
        elif isinstance(method, ast.Attribute) and method.attr in (*ADDS, *ROUTES):
            router, name = method.value, method.attr
        else:
            return
        if not name.startswith("add_api") and not self._is_router(router, scope, given):
            return
        role: Role = "websocket endpoint" if "websocket" in name else "path operation"
        yield Root(function, role, "event loop" if function.is_async else "thread pool")

    def _is_router(self, node: ast.expr, scope: Scope, given: Given) -> bool:
        value = self.inference.value(node, scope)
        if value is None and isinstance(node, ast.Name) and node.id in given:
            value = self.inference.value(*given[node.id])
        return self.is_router(value) or (value is None and any(word in last_name(node) for word in ("router", "app")))

    def _made_by(self, called: Value | None) -> list[_Made]:
        function = called.function if isinstance(called, Bound) else called
        if not isinstance(function, Function):
            return []
        if function not in self._known:
            self._known[function] = list(_routes_in(function))
        return self._known[function]


def _routes_in(function: Function) -> Iterator[_Made]:
    """Yield the routes that a function, or the decorator that it returns, makes."""
    for within in (function, *function.functions.values()):
        around = (within, function) if within is not function else (function,)
        for method, endpoint in _made_in(within):
            for owner in around:
                param = _param(endpoint, within, owner)
                if param:
                    yield _Made(method, within, param, owner is function)
                    break


def _made_in(function: Function) -> Iterator[tuple[ast.expr, ast.expr | Function]]:
    """Yield what makes a route inside a function, with the endpoint."""
    for call in function.body.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in ADDS:
            endpoint = argument(call, 1, "endpoint")
            if endpoint is not None:
                yield call.func, endpoint
        elif isinstance(call.func, ast.Call) and len(call.args) == 1:
            yield call.func.func if last_name(call.func.func) != "getattr" else call.func, call.args[0]
            if isinstance(call.func.func, ast.Call):
                yield call.func.func, call.args[0]
    for nested in function.functions.values():
        for decorator in nested.node.decorator_list:
            if isinstance(decorator, ast.Call):
                yield decorator.func, nested


def _param(endpoint: ast.expr | Function, within: Function, owner: Function) -> str:
    """Return the parameter of `owner` that an endpoint is, or wraps; the empty string if it is another function."""
    params = {param.name for param in owner.params}
    if isinstance(endpoint, ast.Name) and endpoint.id in params:
        return endpoint.id
    if isinstance(endpoint, ast.Name) and endpoint.id in within.functions:
        endpoint = within.functions[endpoint.id]
    if isinstance(endpoint, Function):
        called = (last_name(call.func) for call in endpoint.body.calls if isinstance(call.func, ast.Name))
        return next((name for name in called if name in params), "")
    values = within.body.assigned.get(endpoint.id, []) if isinstance(endpoint, ast.Name) else [endpoint]
    wrapped = (item for value in values if isinstance(value, ast.Call) for item in value.args)
    return next((item.id for item in wrapped if isinstance(item, ast.Name) and item.id in params), "")


def _open(called: Value | None) -> list[str]:
    """Return the names of the parameters that a call fills, without the object itself."""
    function = called.function if isinstance(called, Bound) else called
    if not isinstance(function, Function):
        return []
    names = [param.name for param in function.params if param.kind in ("positional", "keyword")]
    return names[1:] if isinstance(called, Bound) and function.owner is not None else names


def _given(called: Value | None, call: ast.Call, scope: Scope) -> Given:
    given = zip(_open(called), call.args, strict=False)
    found = {name: (node, scope) for name, node in given if not isinstance(node, ast.Starred)}
    for name in _open(called):
        node = keyword(call, name)
        if node is not None:
            found[name] = (node, scope)
    return found

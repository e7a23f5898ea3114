"""What FastAPI would build from the source: applications, routers, routes, middleware, and who is called as what."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from troubleshoot.code.application.hooks import Hooks
from troubleshoot.code.application.origins import assigned_to, origin_of
from troubleshoot.code.application.parts import DependencyUse, Origin, Registration, Root, Route, methods_named
from troubleshoot.code.application.registrars import Registrars
from troubleshoot.code.application.speaking import speaking
from troubleshoot.code.files import Files
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.inference.values import Bound, Instance, Scope, Value
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import argument, keyword, last_name
from troubleshoot.model import Place, Role

METHODS = ("get", "post", "put", "patch", "delete", "options", "head", "trace")
ROUTERS = ("fastapi.FastAPI", "fastapi.APIRouter", "starlette.applications.Starlette", "starlette.routing.Router")


@dataclass(eq=False)
class Application:
    """Everything that the files say about applications, or those in `only`; several may share one tree."""

    files: Files
    inference: Inference
    only: Sequence[str] | None = None
    routes: list[Route] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    dependencies: list[DependencyUse] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)

    @cached_property
    def modules(self) -> list[Module]:
        """The files that an application is made of, without those that it only imports."""
        paths = speaking(self.files) if self.only is None else self.only
        modules = (self.files.module(path) for path in paths)
        return [module for module in modules if module is not None]

    def build(self) -> Application:
        """Look through all modules; returns itself."""
        hooks = Hooks(self.inference, self.modules)
        own = Registrars(self.inference, self._is_known_router)
        for module in self.modules:
            for function in module.all_functions:
                self._signature(function)
                for decorator in function.node.decorator_list:
                    self._decorator(decorator, function)
                    self.roots += [*hooks.decorated(decorator, function), *own.decorated(decorator, function)]
            for cls in module.classes.values():
                self.roots += hooks.inherited(cls)
            for call, scope in self._calls(module):
                self._registration(call, scope)
                called = self.inference.value(call.func, scope)
                self.roots += [*hooks.given(call, called, scope), *own.called(call, called, scope)]
        return self

    def _calls(self, module: Module) -> Iterator[tuple[ast.Call, Scope]]:
        for call in module.body.calls:
            yield call, Scope(module)
        if any(module.mentions(word) for word in _REGISTERING):
            for function in module.all_functions:
                for call in function.body.calls:
                    yield call, Scope.of(function)

    # Functions

    def _signature(self, function: Function) -> None:
        """Note the dependencies that a function's parameters declare."""
        scope = Scope(function.module, function.outer)
        for param in function.params:
            for node in (param.default, *_annotated(param.annotation)):
                if isinstance(node, ast.Call) and self.inference.path(node.func, scope) in DEPENDS:
                    self._depends(node, scope, function, param.annotation)
            if isinstance(param.annotation, (ast.Name, ast.Attribute)):
                name = param.annotation.id if isinstance(param.annotation, ast.Name) else param.annotation.attr
                alias = self.inference.alias(name, scope)
                if alias is not None:
                    for node in _annotated(alias[0]):
                        if isinstance(node, ast.Call) and self.inference.path(node.func, alias[1]) in DEPENDS:
                            self._depends(node, alias[1], function, alias[0])

    def _depends(
        self, node: ast.Call, scope: Scope, holder: Function | None, annotation: ast.expr | None = None
    ) -> None:
        value = self.inference.dependency(node, scope)
        if value is None and not node.args and annotation is not None:
            # Depends() takes the annotation itself.
            made = self.inference.annotation(annotation, scope)
            value = made.of if isinstance(made, Instance) else None
        self.dependencies.append(DependencyUse(value, node, scope, holder))
        self._root(value, "dependency")

    def _root(self, value: Value | None, role: Role, place: Place | None = None) -> None:
        """Note that FastAPI calls `value` as `role`, and not only for a test."""
        function: Function | str | None = None
        match value:
            case Function():
                function = value
            case Bound(function=method):
                function = method
            case Class():
                function = self.inference.method(value, "__init__")
            case Instance(of=cls):
                function = self.inference.method(cls, "__call__")
        if isinstance(function, Function) and not function.module.is_test:
            where: Place = "event loop" if function.is_async else "thread pool"
            self.roots.append(Root(function, role, place or where))

    def _decorator(self, node: ast.expr, function: Function) -> None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            self._route(node, node.func, function, Scope(function.module, function.outer))

    def _route(self, node: ast.Call, called: ast.Attribute, function: Function, scope: Scope) -> None:
        """Note what `@router.get("/path")`, `@app.middleware("http")` and the like make of a function."""
        name = called.attr
        if name not in _DECORATORS:
            return
        owner = self.inference.value(called.value, scope)
        if not self._is_router(owner, called.value, node):
            return
        origin = origin_of(self.inference, called.value, scope)
        if name in METHODS or name in ("api_route", "route"):
            methods = (name.upper(),) if name in METHODS else methods_named(node, scope.module)
            self.routes.append(Route(function, methods, _path(node), node, scope, origin))
            self._root(function, "path operation")
        elif name in ("websocket", "websocket_route"):
            self.routes.append(Route(function, (), _path(node), node, scope, origin))
            self._root(function, "websocket endpoint")
        elif name == "middleware":
            self.registrations.append(Registration("middleware", origin, function, node, scope))
            self._root(function, "middleware", "event loop")
        elif name == "exception_handler":
            self.registrations.append(Registration("handler", origin, function, node, scope))
            self._root(function, "exception handler")
        elif name == "on_event":
            self.registrations.append(Registration("event", origin, function, node, scope))
            self._root(function, "lifespan", "startup")

    def _is_known_router(self, value: Value | None) -> bool:
        if isinstance(value, Instance):
            return any(self.inference.is_a(value.of, path) for path in ROUTERS)
        return isinstance(value, str) and value.removesuffix("()") in ROUTERS

    def _is_router(self, value: Value | None, node: ast.expr, call: ast.Call) -> bool:
        if self._is_known_router(value):
            return True
        # A router that comes from elsewhere is known by its name and the path it is given.
        name = last_name(node)
        path = _path(call)
        return value is None and ("router" in name or "app" in name) and path is not None and path[:1] in ("", "/")

    # Calls

    def _registration(self, call: ast.Call, scope: Scope) -> None:
        called = self.inference.value(call.func, scope)
        if isinstance(call.func, ast.Call) and isinstance(call.func.func, ast.Attribute) and len(call.args) == 1:
            # `router.get("/path")(function)`
            value = self.inference.value(call.args[0], scope)
            function = value.function if isinstance(value, Bound) else value
            if isinstance(function, Function):
                self._route(call.func, call.func.func, function, scope)
        elif isinstance(called, str) and called in ROUTERS[:3]:
            self._application(call, scope, called)
        elif isinstance(called, Class) and any(self.inference.is_a(called, path) for path in ROUTERS[:3]):
            is_router = self.inference.is_a(called, "fastapi.APIRouter")
            self._application(call, scope, "fastapi.APIRouter" if is_router else "fastapi.FastAPI")
        elif isinstance(called, str) and called in DEPENDS:
            if not scope.function:
                self._depends(call, scope, None)
        elif isinstance(call.func, ast.Attribute) and call.func.attr in _REGISTER:
            owner = self.inference.value(call.func.value, scope)
            if self._is_router(owner, call.func.value, call) or (
                owner is None and call.func.attr in ("add_middleware", "include_router", "add_exception_handler")
            ):
                self._register(call, call.func, scope)
        elif called == "starlette.middleware.Middleware":
            self._middleware_class(call, scope, None)

    def _application(self, call: ast.Call, scope: Scope, called: str) -> None:
        kind = "router made" if called == "fastapi.APIRouter" else "app"
        self.registrations.append(Registration(kind, assigned_to(call, scope), called, call, scope))
        lifespan = keyword(call, "lifespan")
        if lifespan is not None:
            self._root(self.inference.value(lifespan, scope), "lifespan", "startup")
        for name in ("on_startup", "on_shutdown"):
            listed = keyword(call, name)
            for item in listed.elts if isinstance(listed, (ast.List, ast.Tuple)) else ():
                self._root(self.inference.value(item, scope), "lifespan", "startup")
        handlers = keyword(call, "exception_handlers")
        for item in handlers.values if isinstance(handlers, ast.Dict) else ():
            self._root(self.inference.value(item, scope), "exception handler")
        self._listed_dependencies(call, scope)

    def _listed_dependencies(self, call: ast.Call, scope: Scope) -> None:
        listed = keyword(call, "dependencies")
        for item in listed.elts if isinstance(listed, (ast.List, ast.Tuple)) else ():
            if isinstance(item, ast.Call):
                self._depends(item, scope, None)

    def _register(self, call: ast.Call, called: ast.Attribute, scope: Scope) -> None:
        origin = origin_of(self.inference, called.value, scope)
        name = called.attr
        if name == "add_middleware":
            self._middleware_class(call, scope, origin)
        elif name == "include_router":
            child = argument(call, 0, "router")
            other = origin_of(self.inference, child, scope) if child is not None else None
            self.registrations.append(Registration("router", origin, None, call, scope, other))
            self._listed_dependencies(call, scope)
        elif name == "mount":
            child = argument(call, 1, "app")
            value = self.inference.value(child, scope)
            other = origin_of(self.inference, child, scope) if child is not None else None
            self.registrations.append(Registration("mount", origin, value, call, scope, other))
        elif name in ("add_exception_handler", "add_event_handler"):
            value = self.inference.value(argument(call, 1, "handler" if "exc" in name else "func"), scope)
            kind = "handler" if name == "add_exception_handler" else "event"
            self.registrations.append(Registration(kind, origin, value, call, scope))
            self._root(
                value,
                *(("exception handler",) if kind == "handler" else ("lifespan", "startup")),
            )
        elif name in ("add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route"):
            self._added_route(call, name, scope, origin)

    def _added_route(self, call: ast.Call, name: str, scope: Scope, origin: Origin | None) -> None:
        value = self.inference.value(argument(call, 1, "endpoint"), scope)
        function = value.function if isinstance(value, Bound) else value
        self._view(argument(call, 1, "endpoint"), value, scope)
        if isinstance(function, Function):
            methods = () if "websocket" in name else methods_named(call, scope.module)
            self.routes.append(Route(function, methods, _path(call), call, scope, origin))
            self._root(function, "websocket endpoint" if not methods else "path operation")

    def _view(self, node: ast.expr | None, value: Value | None, scope: Scope) -> None:
        """Note the methods of a class-based view: `Items.as_view()`, or a class such as Starlette's endpoints."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "as_view":
            value = self.inference.value(node.func.value, scope)
        if isinstance(value, Class):
            for name in METHODS:
                method = self.inference.method(value, name)
                if isinstance(method, Function):
                    self._root(method, "path operation")

    def _middleware_class(self, call: ast.Call, scope: Scope, origin: Origin | None) -> None:
        value = self.inference.value(argument(call, 0, "middleware_class" if origin else "cls"), scope)
        self.registrations.append(Registration("middleware", origin, value, call, scope))
        if isinstance(value, Class):
            for name in ("dispatch", "__call__"):
                method = self.inference.method(value, name)
                if isinstance(method, Function):
                    self._root(method, "middleware", "event loop")
        dispatch = keyword(call, "dispatch")
        if dispatch is not None:
            self._root(self.inference.value(dispatch, scope), "middleware", "event loop")


def _annotated(node: ast.expr | None) -> list[ast.expr]:
    """Return what stands behind the type in `Annotated[type, …]`."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        return node.slice.elts[1:]
    return []


def _path(call: ast.Call) -> str | None:
    node = argument(call, 0, "path")
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


_REGISTER = frozenset(
    (
        "add_middleware",
        "include_router",
        "mount",
        "add_exception_handler",
        "add_event_handler",
        "add_api_route",
        "add_api_websocket_route",
        "add_route",
        "add_websocket_route",
    )
)
_REGISTERING = (b"add_middleware", b"include_router", b".mount(", b"add_", b"FastAPI(", b"Middleware(", b"APIRouter(")
_DECORATORS = frozenset(
    (*METHODS, "api_route", "route", "websocket", "websocket_route", "middleware", "exception_handler", "on_event")
)

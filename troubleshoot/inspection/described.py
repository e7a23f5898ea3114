"""An application as the child process describes it, read into values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, Literal

from troubleshoot.values import frozen

Runs = Literal["event loop", "thread pool"]


@frozen
class Place:
    """Something in source: its qualified name, its file (empty if unknown) and the line (from 1; 0 if unknown)."""

    name: str
    file: str = ""
    line: int = 0

    @property
    def location(self) -> str:
        """`file:line`, as far as it is known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def short(self) -> str:
        """The name without its module."""
        return re.sub(r"(?<![\w<>.])[\w<>.]+\.", "", self.name)

    @property
    def module(self) -> str:
        """The name of the file's module, as far as the file shows it."""
        return Path(self.file).stem

    @property
    def is_library(self) -> bool:
        """Whether it stands in an installed package."""
        return "site-packages" in self.file or "dist-packages" in self.file

    @property
    def alone(self) -> Place:
        """The place itself, without what else is known of the thing that stands there."""
        return self.at(self.line)

    def at(self, line: int) -> Place:
        """Return a line of it as a place of the same name."""
        return Place(name=self.name, file=self.file, line=line)


@frozen
class Layer(Place):
    """One layer of the middleware: what the framework adds, what the user added, or put around the whole by hand.

    `function` is the dispatch function of HTTP middleware. `answers_at` is the line at which it answers by itself, or
    0; `mentions` are the keys of the scope that its code names.
    """

    layer: Literal["built-in", "user", "wrapper"]
    is_http: bool = False
    function: Place | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    answers_at: int = 0
    mentions: tuple[str, ...] = ()

    @property
    def shown(self) -> Place:
        """What to call the layer: a function given to `@app.middleware` says more than the class it became."""
        return self.function if self.function and self.name.startswith("starlette.") else self.alone


@frozen
class RequestParameter:
    """A parameter that FastAPI fills from the request. `place` is path, query, header, cookie or body."""

    place: str
    name: str
    alias: str
    type: str
    is_variadic: bool = False
    is_unresolved: bool = False
    is_settings: bool = False


@frozen
class Dependency(Place):
    """One node of a dependency tree; what it needs was solved before it.

    `reused` says that this request has it solved already and takes it from the cache, `repeats` that it does the work
    of one that was solved, but as another object. `wants` are the connections it cannot be called without, `uses` the
    attributes it reads of them, each with a line. `exit` is when the code behind `yield` runs: request or function.
    """

    kind: str
    parameter: str = ""
    is_async: bool = False
    is_generator: bool = False
    runs: Runs
    use_cache: bool = True
    reused: bool = False
    repeats: bool = False
    exit: str = ""
    scopes: tuple[str, ...] = ()
    overridden_by: Place | None = None
    context_manager: str = ""
    token_url: str = ""
    wants: tuple[str, ...] = ()
    uses: Mapping[str, int] = field(default_factory=dict)
    parameters: tuple[RequestParameter, ...] = ()
    dependencies: tuple[Dependency, ...] = ()

    def walk(self) -> Iterator[Dependency]:
        """Yield this dependency and all below it."""
        yield self
        for child in self.dependencies:
            yield from child.walk()


@frozen
class Route:
    """One route. `methods` is empty where every method is taken; `regex` is what its path is matched with.

    `app` is the application mounted here, `routes` are those of a mounted router, `directory` is what is served.
    """

    kind: Literal["http", "websocket", "mount", "static", "host", "frontend", "other"]
    path: str
    regex: str = ""
    methods: tuple[str, ...] = ()
    name: str = ""
    endpoint: Place | None = None
    is_fastapi: bool = False
    in_schema: bool = True
    status_code: int | None = None
    response_model: str = ""
    response_class: str = ""
    is_async: bool = False
    is_generator: bool = False
    runs: Runs | None = None
    wants: tuple[str, ...] = ()
    uses: Mapping[str, int] = field(default_factory=dict)
    parameters: tuple[RequestParameter, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    app: Application | None = None
    routes: tuple[Route, ...] = ()
    directory: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the route is the user's rather than one that FastAPI adds for its documentation."""
        return self.endpoint is None or not self.endpoint.name.startswith("fastapi.")

    @property
    def verb(self) -> str:
        """What it answers to: its methods (without a HEAD beside others), or its kind in capital letters."""
        words = {"websocket": "WS", "mount": "MOUNT", "static": "STATIC", "host": "HOST", "frontend": "FRONTEND"}
        methods = " ".join(method for method in self.methods if method != "HEAD" or self.methods == ("HEAD",))
        return words.get(self.kind) or methods or "ANY"

    def walk(self) -> Iterator[Dependency]:
        """Yield all dependencies."""
        for dependency in self.dependencies:
            yield from dependency.walk()


@frozen
class Handler(Place):
    """An exception handler; `of` is the exception or status it is for."""

    of: str


@frozen
class Override:
    """An entry of `dependency_overrides`."""

    of: Place
    by: Place
    is_callable: bool
    is_used: bool


@frozen
class Outsider(Place):
    """A router in one of the user's modules that is part of no application; `routes` is the number of its routes."""

    routes: int


@frozen
class PlainSocket(Place):
    """A WebSocket route of Starlette's kind in a router whose prefix or dependencies do not apply to it."""

    path: str


@frozen
class Lifespan:
    """What runs at start and stop; `on_event` handlers only if `runs_events`."""

    functions: tuple[Place, ...] = ()
    startup: tuple[Place, ...] = ()
    shutdown: tuple[Place, ...] = ()
    runs_events: bool


@frozen
class Unbuildable:
    """Why the middleware cannot be built; `is_wrong_call` if what was given cannot be called as middleware is."""

    error: str
    is_wrong_call: bool


@frozen
class Application(Place):
    """An application, with its middleware from the outside in, and its routes in the order in which they are tried."""

    title: str = ""
    root_path: str = ""
    debug: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()
    unbuildable: Unbuildable | None = None
    routes: tuple[Route, ...] = ()
    router_dependencies: int = 0
    overrides: tuple[Override, ...] = ()
    outsiders: tuple[Outsider, ...] = ()
    plain_sockets: tuple[PlainSocket, ...] = ()
    exception_handlers: tuple[Handler, ...] = ()
    lifespan: Lifespan


@frozen
class Served:
    """A route with all that a request passes on the way to it.

    `path` is the whole path; `layers` are those of every application on the way, outermost first; `app` is the
    application that the route belongs to.
    """

    route: Route
    path: str
    layers: tuple[Layer, ...]
    app: Application

    @property
    def title(self) -> str:
        """What it answers to, with the whole path."""
        return f"{self.route.verb} {self.path or '/'}"


def served(app: Application) -> Iterator[Served]:
    """Yield every route of `app` and of what is mounted in it."""
    yield from _served(app.routes, "", app.layers, app)


def _served(routes: Sequence[Route], prefix: str, layers: tuple[Layer, ...], app: Application) -> Iterator[Served]:
    for route in routes:
        path = prefix if route.kind == "host" else prefix + route.path
        yield Served(route=route, path=path, layers=layers, app=app)
        if route.app is not None:
            yield from _served(route.app.routes, path, (*layers, *route.app.layers), route.app)
        yield from _served(route.routes, path, layers, app)


def applications(app: Application) -> Iterator[Application]:
    """Yield `app` and the applications mounted in it."""
    yield app
    for item in served(app):
        if item.route.app is not None:
            yield item.route.app

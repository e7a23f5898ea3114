"""Requests that the project's own source sends to the project's own routes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from troubleshoot.code.application.parts import Route, Sent, top_folder
from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Module, Param
from troubleshoot.code.syntax.nodes import argument, text_of
from troubleshoot.code.topics.clients import method_of
from troubleshoot.code.topics.middleware import literal
from troubleshoot.code.topics.models import is_model
from troubleshoot.code.topics.parameters import FROM_REQUEST, marker
from troubleshoot.code.topics.routing import Routing

WITH_BODY = frozenset(("POST", "PUT", "PATCH"))
"""Methods with which clients send a body."""
BODY = ("json", "data", "files", "content")
"""What clients in Python call the body of a request."""
PLACEHOLDER = re.compile(r"\\\{[^{}]*\\\}")
HERE = re.compile(r"https?://(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])(?::\d+)?(?=/)")
LITERAL = re.compile(r"/[^/{}<>]")
TEST_CLIENT = re.compile(r"(?:fastapi|starlette)\.testclient\.TestClient\(\)\.(?P<method>get|post|put|patch|delete)")


def sent(project: Project) -> list[Sent]:
    """Return the requests that a project's source sends to this machine, at the path of one of its routes.

    In pieces all requests count, to whatever host. Those of tests are none.
    """
    if project.sent is None:
        modules = project.files.modules() if project.files.is_loose else project.modules
        project.sent = list(sent_in(project, modules, is_loose=project.files.is_loose))
    return project.sent


def sent_in(project: Project, modules: Iterable[Module], *, is_loose: bool) -> Iterator[Sent]:
    """Yield the requests that some files send to an address of a route; to one that ends like a route's, `is_loose`.

    In a project both are below one folder: what lies beside it may be another one's.
    """
    entries = [
        (entry, entry.route)
        for table in Routing(project).tables()
        for entry in table
        if entry.route is not None and not entry.route.is_websocket
    ]
    for module in modules if entries else ():
        if module.is_test and not project.files.is_loose:
            continue
        is_project = not project.files.is_loose
        near = [item for item in entries if not is_project or _is_beside(item[1], module)]
        for call, function in _calls(module):
            scope = Scope.of(function) if function is not None else Scope(module)
            path = project.path(call.func, scope)
            method = method_of(path) or ((found := TEST_CLIENT.fullmatch(path)) and found["method"]) or ""
            if method and method != "request":
                address = _end_of(literal(project, argument(call, 0, "url"), scope))
                here = HERE.match(address)
                if not is_loose and here is None:
                    continue
                end = address if is_loose or here is None else address[here.end() :]
                routes = tuple(route for entry, route in near if _is_at(entry.path, end, is_loose=is_loose))
                if not routes and not is_project and not address and len(entries) == 1:
                    # Whoever shows one endpoint and one request means them for each other.
                    routes = (entries[0][1],)
                if routes:
                    yield Sent(module, function, call, method.upper(), address, routes)


def arriving(project: Project) -> Iterator[tuple[Sent, Route]]:
    """Yield the requests with the route that gets them, each once, where that is a single one."""
    for item in sent(project):
        routes = [route for route in item.routes if item.method in route.methods]
        if len(routes) == 1:
            yield item, routes[0]


def has_body(item: Sent) -> bool | None:
    """Return whether a request has a body; None if that is not told."""
    if any(word.arg in BODY for word in item.call.keywords):
        return True
    told = all(word.arg for word in item.call.keywords) and len(item.call.args) == 1
    return False if told else None


def keys_of(project: Project, node: ast.expr | None, scope: Scope) -> frozenset[str] | None:
    """Return the keys of a dictionary that is written out; None if they are not all told."""
    given = literal(project, node, scope)
    if not isinstance(given, ast.Dict):
        return None
    names = [text_of(key) for key in given.keys]
    return frozenset(names) if all(names) else None


def body_models(project: Project, function: Function) -> list[Param]:
    """Return the parameters that are models, and so are read from JSON; in pieces also of a class that is not shown."""
    elsewhere = (FROM_REQUEST - {"fastapi.Body"}) | frozenset(DEPENDS)
    return [
        param
        for param in function.params
        if _is_model(project, param, function) and marker(project, function, param, elsewhere) is None
    ]


def _is_model(project: Project, param: Param, function: Function) -> bool:
    made = project.inference.parameter(param, function)
    if isinstance(made, Instance):
        return is_model(project, made.of)
    node = param.annotation
    if made is not None or not project.files.is_loose or not isinstance(node, ast.Name):
        return False
    return node.id[:1].isupper() and project.value(node, function.module) is None


def _calls(module: Module) -> Iterator[tuple[ast.Call, Function | None]]:
    yield from ((call, None) for call in module.body.calls)
    for function in module.all_functions:
        yield from ((call, function) for call in function.body.calls)


def _end_of(node: ast.expr | None) -> str:
    """Return how an address ends, as far as it is written out."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[*_, ast.Constant(value=str(text))]):
            return text
        case ast.BinOp(op=ast.Add(), right=right):
            return _end_of(right)
    return ""


def _is_beside(route: Route, module: Module) -> bool:
    return top_folder(route.function.module.path) == top_folder(module.path)


def _is_at(path: str, address: str, *, is_loose: bool) -> bool:
    pattern = PLACEHOLDER.sub("[^/]+", re.escape(path.strip("/")))
    if is_loose:
        # The prefix may be left out, and a path of parameters alone fits everything.
        return LITERAL.search(path) is not None and re.search(rf"(?:^|/){pattern}/?(?:\?|$)", address) is not None
    return re.fullmatch(rf"/{pattern}/?(?:\?.*)?", address) is not None

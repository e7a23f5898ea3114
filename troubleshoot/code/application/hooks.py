"""Functions that other libraries call in the process of the application: on its event loop, as a rule."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from troubleshoot.code.application.parts import Root
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import argument, keyword, last_name
from troubleshoot.model import Place, Role


class Hook(NamedTuple):
    """Who calls a function: the names that a library gives what takes it, the role, and where a plain one runs."""

    path: re.Pattern[str]
    role: Role
    plain: Place


_SOCKET = Hook(
    re.compile(r"socketio\.Async(?:Server|Client)\(\)\.\w+|fastapi_socketio\.SocketManager\(\)\.\w+"),
    "hook",
    "event loop",
)
_JOB = Hook(re.compile(r"apscheduler\.schedulers\.asyncio\.AsyncIOScheduler\(\)\.\w+"), "background job", "thread pool")
_REPEATED = Hook(re.compile(r"fastapi_(?:utils|utilities|restful)\..*"), "background job", "thread pool")
_GRAPHQL = Hook(re.compile(r"strawberry\.\w+"), "hook", "event loop")
_MESSAGE = Hook(re.compile(r"faststream\.\w+\.fastapi\.\w+Router\(\)\.\w+"), "hook", "thread pool")
_TOOL = Hook(re.compile(r"(?:mcp\.server(?:\.\w+)?|fastmcp)\.(?:FastMCP|MCPServer)\(\)\.\w+"), "hook", "thread pool")

DECORATORS = {
    "on": _SOCKET,
    "event": _SOCKET,
    "scheduled_job": _JOB,
    "repeat_every": _REPEATED,
    "repeat_at": _REPEATED,
    "field": _GRAPHQL,
    "mutation": _GRAPHQL,
    "subscription": _GRAPHQL,
    "subscriber": _MESSAGE,
    "tool": _TOOL,
    "resource": _TOOL,
    "prompt": _TOOL,
}
"""Decorators by the last part of their names."""
CALLS = {"add_job": (_JOB, 0, "func"), "on": (_SOCKET, 1, "handler")}
"""Calls that are given a function, at a position or by a name."""
SERVED = {
    _GRAPHQL: (b"strawberry.fastapi", b"strawberry.asgi"),
    _TOOL: (b"streamable_http_app(", b"sse_app(", b"http_app("),
}
"""Words without which what a library calls is no part of an application that is served."""
OVERRIDDEN: dict[str, tuple[re.Pattern[str], Role]] = {
    "sqladmin.authentication.AuthenticationBackend": (re.compile("login|logout|authenticate|get_user_id"), "hook"),
    "sqladmin.ModelView": (re.compile("(?:on|after)_model_(?:change|delete)"), "hook"),
    "fastapi_users.BaseUserManager": (
        re.compile("on_(?:after|before)_.*|validate_password|authenticate|create|update|delete|get(?:_by_.*)?"),
        "hook",
    ),
    "socketio.AsyncNamespace": (re.compile("on_.*"), "hook"),
    "strawberry.permission.BasePermission": (re.compile("has_permission"), "hook"),
    "starlette.authentication.AuthenticationBackend": (re.compile("authenticate"), "middleware"),
}
"""Classes that are derived from, with the methods that are called."""
_METHOD = re.compile("|".join(f"(?:{methods.pattern})" for methods, _ in OVERRIDDEN.values()))
PLAIN_ON_LOOP = ("socketio.AsyncNamespace", "strawberry.permission.BasePermission")
"""Those of which a method that is no coroutine function runs on the event loop, too."""


class Hooks:
    """Finds what other libraries call in the modules of an application."""

    def __init__(self, inference: Inference, modules: list[Module]) -> None:
        self.inference = inference
        self.unserved = {
            hook
            for hook, words in SERVED.items()
            if not any(module.mentions(word) for module in modules for word in words)
        }

    def decorated(self, decorator: ast.expr, function: Function) -> Iterator[Root]:
        """Yield a function that a decorator hands over."""
        node = decorator.func if isinstance(decorator, ast.Call) else decorator
        hook = DECORATORS.get(last_name(node))
        if hook is not None and hook not in self.unserved:
            path = self.inference.path(node, Scope(function.module, function.outer))
            if hook.path.fullmatch(path):
                yield _root(function, hook.role, hook.plain)

    def given(self, call: ast.Call, called: object, scope: Scope) -> Iterator[Root]:
        """Yield the functions that a call hands over."""
        name = last_name(call.func)
        if name in CALLS:
            hook, index, word = CALLS[name]
            if isinstance(called, str) and hook.path.fullmatch(called) and not (hook is _JOB and _runs_at_once(call)):
                yield from self._of(argument(call, index, word), scope, hook.role, hook.plain)
        if name == "GraphQLRouter" and called == "strawberry.fastapi.GraphQLRouter":
            for word in ("context_getter", "root_value_getter"):
                yield from self._of(keyword(call, word), scope, "dependency", "thread pool")

    def inherited(self, cls: Class) -> Iterator[Root]:
        """Yield the methods of a class that a library calls, and the resolvers that its fields name."""
        named = [function for name, function in cls.methods.items() if _METHOD.fullmatch(name)]
        for base, (methods, role) in OVERRIDDEN.items() if named and cls.node.bases else ():
            if self.inference.is_a(cls, base):
                for function in named:
                    if methods.fullmatch(function.name) and (function.is_async or base in PLAIN_ON_LOOP):
                        yield Root(function, role, "event loop")
        if cls.module.mentions(b"resolver=") and _GRAPHQL not in self.unserved:
            for call in cls.body.calls:
                if _GRAPHQL.path.fullmatch(self.inference.path(call.func, Scope(cls.module))):
                    yield from self._of(keyword(call, "resolver"), Scope(cls.module), _GRAPHQL.role, _GRAPHQL.plain)

    def _of(self, node: ast.expr | None, scope: Scope, role: Role, plain: Place) -> Iterator[Root]:
        value = self.inference.value(node, scope)
        function = value.function if isinstance(value, Bound) else value
        if isinstance(function, Function):
            yield _root(function, role, plain)


def _runs_at_once(call: ast.Call) -> bool:
    """Return whether a job has no trigger, or one without a date: it runs once, as soon as the scheduler starts."""
    trigger = argument(call, 1, "trigger")
    match trigger:
        case None | ast.Call(func=ast.Name(id="DateTrigger"), args=[], keywords=[]):
            return True
        case _:
            return False


def _root(function: Function, role: Role, plain: Place) -> Root:
    return Root(function, role, "event loop" if function.is_async else plain)

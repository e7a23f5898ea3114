"""The middleware of an application from the outside in, as `build_middleware_stack` makes it."""

from __future__ import annotations

import ast
import inspect
import sys
import traceback
from typing import Any

from . import callables

INNER = ("app", "asgi_app", "other_asgi_app", "wrapped", "_app")
"""Names under which a layer keeps what it was put around."""
DEEPEST = 100
REMEMBERED = frozenset({"session", "user", "auth"})


def inner_of(layer: Any) -> Any:
    """Return the application that `layer` was put around, or None if it does not show."""
    for name in INNER:
        found = getattr(layer, name, None)
        if callable(found) and found is not layer:
            return found
    return None


def layers_of(app: Any) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Return the layers of a Starlette or FastAPI application, and why they cannot be built, if so.

    The user's own are taken from `user_middleware`, which holds their options; those that the framework adds are found
    by walking from the outermost layer inwards.
    """
    chain: list[Any] = []
    problem = None
    try:
        layer = app.build_middleware_stack()
        while layer is not None and layer is not app.router and len(chain) < DEEPEST:
            chain.append(layer)
            layer = inner_of(layer)
    except Exception as error:
        problem = _problem(error)
    own = [_own(item) for item in app.user_middleware]
    classes = [type(layer).__name__ for layer in chain]
    first = getattr(app.user_middleware[0].cls, "__name__", "") if own else "ExceptionMiddleware"
    before = chain[: classes.index(first)] if first in classes else chain[:1]
    after = chain[_last(classes, "ExceptionMiddleware") :] if "ExceptionMiddleware" in classes else []
    return [*map(_built_in, before), *own, *map(_built_in, after)], problem


def _last(names: list[str], name: str) -> int:
    return len(names) - 1 - names[::-1].index(name)


def _problem(error: Exception) -> dict[str, Any]:
    """Return an exception with whether the very call of the middleware's class failed, and not something within it."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": "".join(traceback.format_exception_only(type(error), error)).strip(),
        "is_wrong_call": isinstance(error, TypeError) and frames[-1].name == "build_middleware_stack",
    }


def wrapper(layer: Any) -> dict[str, Any]:
    """Describe something that was put around the whole application by hand."""
    options = {name: value for name, value in getattr(layer, "__dict__", {}).items() if _is_option(name, value)}
    return _layer("wrapper", type(layer), options)


def _is_option(name: str, value: Any) -> bool:
    plain = (str, bool, int, float, list, tuple, set, frozenset)
    return name not in INNER and not name.startswith("_") and isinstance(value, plain)


def _built_in(layer: Any) -> dict[str, Any]:
    return _layer("built-in", type(layer), {})


def _own(item: Any) -> dict[str, Any]:
    made, args = item.cls, tuple(getattr(item, "args", ()))
    keywords = dict(getattr(item, "kwargs", None) or getattr(item, "options", None) or {})
    return _layer("user", made, {**_named(made, args), **keywords})


def _named(made: Any, args: tuple[Any, ...]) -> dict[str, Any]:
    """Return positional options under the names of the parameters they fill."""
    try:
        names = list(inspect.signature(made).parameters)[1:]
    except (TypeError, ValueError):
        names = []
    return {names[index] if index < len(names) else f"#{index + 1}": value for index, value in enumerate(args)}


def _layer(kind: str, made: Any, options: dict[str, Any]) -> dict[str, Any]:
    base = sys.modules.get("starlette.middleware.base")
    is_http = base is not None and isinstance(made, type) and issubclass(made, base.BaseHTTPMiddleware)
    function = options.pop("dispatch", None) if is_http else None
    if is_http and function is None:
        function = getattr(made, "dispatch", None)
    work = function if is_http else getattr(made, "__call__", None)  # noqa: B004 - the function itself
    return {
        **callables.place_of(made),
        "layer": kind,
        "is_http": is_http,
        "function": callables.place_of(function) if function is not None else None,
        "options": callables.value_of(options),
        "answers_at": 0 if kind == "built-in" else _answers_at(work, is_http),
        "mentions": [] if kind == "built-in" else _mentions(made, function),
    }


def _answers_at(function: Any, is_http: bool) -> int:
    """Return the line at which a middleware builds an answer of its own instead of passing the request on, or 0.

    In `dispatch` that is a response made before `call_next` or in an `except`; a pure ASGI middleware makes none
    otherwise.
    """
    tree = callables.source_of(callables.unwrapped(function)) if function is not None else None
    if tree is None:
        return 0
    made = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node).endswith("Response")]
    if is_http:
        passed_on = [
            node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "call_next"
        ]
        caught = [
            line
            for node in ast.walk(tree)
            if isinstance(node, ast.ExceptHandler)
            for line in made
            if node.lineno <= line <= (node.end_lineno or 0)
        ]
        made = [line for line in made if passed_on and line < min(passed_on)] + caught
    return min(made, default=0)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def _mentions(made: Any, function: Any) -> list[str]:
    """Return those of the keys of a connection's scope that the middleware's code holds as constants."""
    kinds = made.__mro__[:-1] if isinstance(made, type) else ()
    members = [member for kind in kinds for member in vars(kind).values()]
    codes = [getattr(callables.unwrapped(item), "__code__", None) for item in (*members, made, function)]
    found: set[str] = set()
    while codes:
        code = codes.pop()
        if code is not None:
            found |= {constant for constant in code.co_consts if isinstance(constant, str)}
            codes += [constant for constant in code.co_consts if inspect.iscode(constant)]
    return sorted(found & REMEMBERED)

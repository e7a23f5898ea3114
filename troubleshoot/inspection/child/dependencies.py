"""The dependency tree of a route, in the order in which a request solves it."""

from __future__ import annotations

import inspect
from typing import Any, ForwardRef

from . import callables

CONNECTION = {
    "request_param_name": "request",
    "websocket_param_name": "websocket",
    "http_connection_param_name": "connection",
}
PLACES = ("path", "query", "header", "cookie", "body")


class Solver:
    """One imagined request: what it has solved, so that what comes again is known to be taken from the cache."""

    def __init__(self, overrides: Any) -> None:
        self.overrides = overrides if isinstance(overrides, dict) else {}
        self.solved: dict[Any, Any] = {}
        self.met: list[Any] = []

    def tree(self, dependant: Any) -> list[dict[str, Any]]:
        """Return the dependencies of `dependant`, each with its own, as FastAPI's `solve_dependencies` goes."""
        return [self.one(child) for child in getattr(dependant, "dependencies", None) or ()]

    def one(self, dependant: Any) -> dict[str, Any]:
        """Return one dependency; what it needs is solved first, even if it is cached itself."""
        call = dependant.call
        self.met.append(call)
        used, replacement = dependant, self.override(call)
        if replacement is not None:
            used = _dependant_of(dependant, replacement) or dependant
        children = self.tree(used)
        key = _cache_key(dependant)
        use_cache = bool(getattr(dependant, "use_cache", True))
        reused = use_cache and key in self.solved
        repeats = not reused and any(_is_twin(other, call) for other in self.solved.values())
        self.solved.setdefault(key, call)
        return {
            **callables.place_of(call),
            **run_of(used),
            **needs_of(used),
            "parameter": getattr(dependant, "name", None) or "",
            "kind": callables.kind_of(call),
            "use_cache": use_cache,
            "reused": reused,
            "repeats": repeats,
            "exit": getattr(dependant, "scope", None) or "",
            "scopes": _scopes(dependant),
            "overridden_by": None if replacement is None else callables.place_of(replacement),
            "context_manager": callables.context_manager_of(used.call),
            "token_url": _token_url(used.call),
            "dependencies": children,
        }

    def override(self, call: Any) -> Any:
        """Return what `dependency_overrides` puts in the place of `call`, or None."""
        try:
            return self.overrides.get(call)
        except TypeError:
            return None


def run_of(dependant: Any) -> dict[str, Any]:
    """Return how FastAPI runs a callable: is it `async`, has it `yield`, and where does it run?

    FastAPI's own judgement counts, since it changed with the versions; where it cannot be had, it is made anew.
    """
    judged = {name: _judge(dependant, f"is_{name}_callable") for name in ("gen", "async_gen", "coroutine")}
    is_async = judged["async_gen"] or judged["coroutine"]
    return {
        "is_async": is_async,
        "is_generator": judged["gen"] or judged["async_gen"],
        "runs": "event loop" if is_async else "thread pool",
    }


def _judge(dependant: Any, name: str) -> bool:
    own = getattr(dependant, name, None)
    if isinstance(own, bool):
        return own
    from fastapi.dependencies import models, utils

    for module, spelled in ((models, f"_{name}"), (utils, name)):
        judge = getattr(module, spelled, None)
        if callable(judge):
            return bool(judge(dependant.call))
    return _judge_anew(dependant.call, name)


def _judge_anew(call: Any, name: str) -> bool:
    tests: dict[str, Any] = {
        "is_gen_callable": inspect.isgeneratorfunction,
        "is_async_gen_callable": inspect.isasyncgenfunction,
        "is_coroutine_callable": inspect.iscoroutinefunction,
    }
    if inspect.isroutine(call):
        return bool(tests[name](call))
    # The function itself is meant, so callable() would not do.
    return not isinstance(call, type) and bool(tests[name](getattr(call, "__call__", None)))  # noqa: B004


def needs_of(dependant: Any) -> dict[str, Any]:
    """Return what FastAPI reads out of the signature: parameters of the request, and the connection itself."""
    signature = _signature(dependant.call)
    variadic = {name for name, item in signature.items() if item.kind in (item.VAR_POSITIONAL, item.VAR_KEYWORD)}
    wants, uses = [], {}
    for attribute, word in CONNECTION.items():
        name = getattr(dependant, attribute, None)
        if name is None:
            continue
        uses.update(callables.attributes_used(dependant.call, name))
        if name not in signature or signature[name].default is inspect.Parameter.empty:
            wants.append(word)
    parameters = []
    for place in PLACES:
        for field in getattr(dependant, f"{place}_params", None) or ():
            type_ = _type_of(field)
            parameters.append(
                {
                    "place": place,
                    "name": field.name,
                    "alias": getattr(field, "alias", field.name),
                    "type": type_name(type_),
                    "is_variadic": place == "query" and field.name in variadic,
                    "is_unresolved": isinstance(type_, (str, ForwardRef)),
                    "is_settings": any(base.__name__ == "BaseSettings" for base in getattr(type_, "__mro__", ())),
                }
            )
    return {"wants": wants, "uses": uses, "parameters": parameters}


def _signature(call: Any) -> Any:
    try:
        return inspect.signature(call).parameters
    except (TypeError, ValueError):
        return {}


def _type_of(field: Any) -> Any:
    info = getattr(field, "field_info", None)
    found = getattr(info, "annotation", None)
    return found if found is not None else getattr(field, "outer_type_", getattr(field, "type_", None))


def type_name(type_: Any) -> str:
    """Return how a type is written; of one that takes parameters, at most `callables.LONGEST` characters."""
    if isinstance(type_, type) and not getattr(type_, "__args__", None):
        return type_.__qualname__
    return str(type_).replace("typing.", "")[: callables.LONGEST]


def _scopes(dependant: Any) -> list[str]:
    """Return the security scopes that apply, those of the dependants above included."""
    for name in ("oauth_scopes", "security_scopes"):
        found = getattr(dependant, name, None)
        if isinstance(found, (list, tuple)):
            return list(found)
    parts = (getattr(dependant, f"{whose}_oauth_scopes", None) or () for whose in ("parent", "own"))
    return list(dict.fromkeys(scope for part in parts for scope in part))


def _cache_key(dependant: Any) -> Any:
    own = getattr(dependant, "cache_key", None)
    if own is not None:
        return own
    from fastapi.dependencies import models

    key = getattr(models, "_get_cache_key", None)
    return key(dependant=dependant) if callable(key) else (dependant.call, tuple(sorted(_scopes(dependant))))


def _is_twin(one: Any, other: Any) -> bool:
    """Return whether the cache holds the work of `other` under another key, because the object is another one."""
    is_scheme = hasattr(callables.impartial(one), "scheme_name")  # it only reads a header
    return one is not other and not is_scheme and callables.does_the_same(one, other)


def _token_url(call: Any) -> str:
    """Return the tokenUrl of an OAuth2 password scheme, else nothing."""
    flows = getattr(getattr(callables.unwrapped(call), "model", None), "flows", None)
    found = getattr(getattr(flows, "password", None), "tokenUrl", "")
    return found if isinstance(found, str) else ""


def _dependant_of(dependant: Any, call: Any) -> Any:
    from fastapi.dependencies import utils

    try:
        return utils.get_dependant(path=getattr(dependant, "path", None) or "/", call=call, name=dependant.name)
    except Exception:
        return None

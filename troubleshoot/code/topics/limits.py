"""Parameters by which a client says how much it wants to have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import keyword, last_name
from troubleshoot.code.topics.queries import Query
from troubleshoot.code.topics.rows import is_mapped
from troubleshoot.code.topics.tables import is_for_a_cache, is_lookup

LIMITS = frozenset(("limit", "page_size", "per_page", "page_limit", "pagesize", "take"))
FEW = 100
"""As many elements are few, if a list is declared to have no more."""
DECLARING = frozenset(("Field", "Query", "Body", "Form", "Header", "conlist", "conset", "Len", "MaxLen"))
BOUNDS = ("le", "lt", "max_length")
MINE = re.compile(r"(?:^|[_/])(?:me|my|mine|own)(?:$|[_/])")
PRIVILEGED = re.compile(r"admin|super_?user|sudo|staff|moderator|operator", re.IGNORECASE)

INTERNAL = re.compile(r"['\"/]_?internal['\"/]")


def is_meant_whole(project: Project, query: Query, function: Function) -> bool:
    """Return whether all of a table may be asked for: it is short, goes into a cache, or is whichever a caller has.

    The last is what a base of all tables does in a method that says of itself that it gives all there is.
    """
    if is_lookup(query.name) or is_for_a_cache(function.name):
        return True
    owner = function.owner
    is_own = owner is not None and query.entity is owner and not is_mapped(project, owner)
    return is_own and "all" in function.name.split("_")


def is_number(param: Param) -> bool:
    """Return whether a parameter is declared as an integer, or as one among others."""
    return param.annotation is not None and re.search(r"\bint\b", ast.unparse(param.annotation)) is not None


def is_capped(project: Project, param: Param, function: Function) -> bool:
    """Return whether a bound is declared, also by something else than FastAPI, or the function compares with one."""
    for node in (param.default, param.annotation):
        for item in ast.walk(node) if node is not None else ():
            if isinstance(item, ast.Call):
                known = project.path(item.func, function).startswith(("fastapi.", "pydantic."))
                if not known or any(keyword(item, bound) for bound in BOUNDS):
                    return True
    return any(
        isinstance(item, ast.Name) and item.id == param.name
        for statement in function.node.body
        for around in ast.walk(statement)
        if isinstance(around, ast.Compare)
        or (isinstance(around, ast.Call) and getattr(around.func, "id", "") in ("min", "clamp"))
        for item in ast.walk(around)
    )


def is_short(declared: Iterable[ast.expr | None], scope: Scope) -> bool:
    """Return whether an annotation or a default declares that a list has at most `FEW` elements.

    A name that is not followed, such as a setting, counts as few: somebody has thought of it.
    """
    for call in (item for node in declared if node is not None for item in ast.walk(node)):
        if not isinstance(call, ast.Call) or last_name(call.func) not in DECLARING:
            continue
        for bound in ("max_length", "max_items"):
            most = keyword(call, bound)
            if isinstance(most, ast.Name):
                assigned = scope.module.body.assigned.get(most.id, ())
                most = assigned[-1] if assigned else most
            if most is not None and not (isinstance(most, ast.Constant) and _exceeds(most.value)):
                return True
    return False


def _exceeds(most: object) -> bool:
    return most is None or (isinstance(most, int) and most > FEW)


def _is_for_administrators(project: Project, function: Function) -> bool:
    """Return whether an endpoint says, in its path, its name or what it depends on, that administrators alone call it.

    So few people call it that what costs one of them time puts no load on anything.
    """
    return any(PRIVILEGED.search(text) for text in _declared(project, function))


def is_for_insiders(project: Project, function: Function) -> bool:
    """Return whether an endpoint says that administrators call it, or other processes of the application itself."""
    return any(PRIVILEGED.search(text) or INTERNAL.search(text) for text in _declared(project, function))


def is_for_few(project: Project, function: Function) -> bool:
    """Return whether an endpoint lists what its makers have filled in, or is for one's own rows or administrators."""
    if is_lookup(function.name.partition("_by_")[0]):
        return True
    return _is_for_administrators(project, function) or any(
        MINE.search(text) for text in (function.name, project.path_of(function).get("path", ""))
    )


def _declared(project: Project, function: Function) -> list[str]:
    """Return what the declaration of an endpoint says: its parameters, its routes and their routers, its name."""
    routes = [route for route in project.routes if route.function is function]
    made = project.registrations("router made", "router")
    routers = {route.router for route in routes if route.router is not None}
    size = 0
    while size < len(routers):
        size = len(routers)
        routers |= {item.owner for item in made if item.other in routers and item.owner is not None}
    return [
        *(ast.unparse(item) for param in function.params for item in (param.annotation, param.default) if item),
        *(ast.unparse(route.call) for route in routes),
        *(_guards(item.call) for item in made if (item.owner if item.kind == "router made" else item.other) in routers),
        function.qualname,
    ]


def _guards(call: ast.Call) -> str:
    """Return what a router, or the call that includes it, says of all of its routes: prefix and dependencies."""
    return " ".join(ast.unparse(item.value) for item in call.keywords if item.arg in ("prefix", "dependencies"))

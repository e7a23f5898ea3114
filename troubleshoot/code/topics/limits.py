"""Parameters by which a client says how much it wants to have."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.tables import is_lookup

LIMITS = frozenset(("limit", "page_size", "per_page", "page_limit", "pagesize", "take"))
BOUNDS = ("le", "lt", "max_length")
MINE = re.compile(r"(?:^|[_/])(?:me|my|mine|own)(?:$|[_/])")
PRIVILEGED = re.compile(r"admin|super_?user|sudo|staff|moderator|operator", re.IGNORECASE)


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


def is_for_few(project: Project, function: Function) -> bool:
    """Return whether an endpoint lists what its makers have filled in, or is for one's own rows or administrators."""
    if is_lookup(function.name.partition("_by_")[0]):
        return True
    declared = [
        *(ast.unparse(item) for param in function.params for item in (param.annotation, param.default) if item),
        *(ast.unparse(route.call) for route in project.routes if route.function is function),
        function.name,
    ]
    return any(PRIVILEGED.search(text) for text in declared) or any(
        MINE.search(text) for text in (function.name, project.path_of(function).get("path", ""))
    )

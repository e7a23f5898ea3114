"""Calls that read from a database, themselves or in what they call."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name, short
from troubleshoot.code.topics.queries import CONNECTIONS

READS = re.compile(
    "|".join(
        (
            r"sqlalchemy\.(?:orm\.|ext\.asyncio\.Async)Session\(\)\.(?:execute|exec|scalars|scalar|get|get_one|refresh)",
            r"sqlalchemy\.(?:engine\.|ext\.asyncio\.Async)Connection\(\)\.(?:execute|scalars|scalar)",
            r"sqlalchemy\.orm\.Session\(\)\.query\(\).*\.(?:all|first|one|one_or_none|scalar|count|get)",
            r"asyncpg\..*\.(?:fetch|fetchrow|fetchval|execute)",
            r"redis\.(?:asyncio\.)?Redis\(\)\.(?:get|hgetall|hget|smembers|lrange|exists)",
            r"(?:pymongo\.MongoClient|motor\..*Client)\(\).*\.(?:find_one|count_documents|aggregate)",
            r"supabase\.Client\(\)\.table\(\).*\.execute",
        )
    )
)
STEPS = 3
"""How many calls lie between a call and the query that it leads to, at most."""
CHANGES = frozenset(("insert", "update", "delete"))


@dataclass(frozen=True, slots=True)
class Read:
    """A query that a call leads to, as it is told, and the steps there; none if the call runs it itself."""

    query: str
    steps: tuple[str, ...] = ()


def read_by(
    project: Project, call: ast.Call, scope: Scope, known: dict[Function, Read | None], steps: int = STEPS
) -> Read | None:
    """Return the query that `call` leads to within a few steps, or None.

    What is found out of the functions on the way is put into `known`.
    """
    called = project.value(call.func, scope)
    if isinstance(called, str):
        if READS.fullmatch(called):
            return None if _changes(call, scope) else Read(f"{short(call.func)}()")
        return _handed_a_connection(project, call, scope)
    function = function_of(called, project.inference)
    if function is None:
        return _handed_a_connection(project, call, scope)
    if steps == 0:
        return None
    if function not in known:
        known[function] = None
        inside = Scope(function.module, function, project.inference.bindings(called, call, scope) if called else {})
        for item in function.body.calls:
            found = read_by(project, item, inside, known, steps - 1)
            if found is not None:
                path = function.module.path
                below = found.steps or (f"{path}:{item.lineno} {found.query}",)
                known[function] = Read(found.query, (f"{path}:{function.node.lineno} {function.qualname}", *below))
                break
    return known[function]


def _handed_a_connection(project: Project, call: ast.Call, scope: Scope) -> Read | None:
    """A function that nobody knows, but that is given a connection and awaited, runs a query."""
    if isinstance(call.func, ast.Name) and _is_handed_in(call.func.id, scope.function):
        # Each round may run another function.
        return None
    given = [project.path(node, scope) for node in call.args[:1]]
    if isinstance(getattr(call, "parent", None), ast.Await) and any(
        path in CONNECTIONS or re.fullmatch(r"asyncpg\.(connection\.)?Connection\(\)", path) for path in given
    ):
        return Read(f"{short(call.func)}()")
    return None


def _changes(call: ast.Call, scope: Scope) -> bool:
    """Return whether a statement inserts, updates or deletes."""
    statement = call.args[0] if call.args else None
    values = [statement]
    if isinstance(statement, ast.Name) and scope.function is not None:
        values = [*scope.function.body.assigned.get(statement.id, ())]
    for value in values:
        while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            value = value.func.value if value.func.attr not in CHANGES else value.func
        name = value.func if isinstance(value, ast.Call) else value
        if last_name(name) in CHANGES:
            return True
    return False


def _is_handed_in(name: str, function: Function | None) -> bool:
    return function is not None and (
        name in function.body.looped or any(param.name == name for param in function.params)
    )

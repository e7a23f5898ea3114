"""Calls that read from a database, themselves or in what they call."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name, nesting, parent, short
from troubleshoot.code.topics.queries import BUILDING, CONNECTIONS, SESSIONS

READS = re.compile(
    "|".join(
        (
            r"sqlalchemy\.(?:orm\.|ext\.asyncio\.Async)Session\(\)\.(?:execute|exec|scalars|scalar|get|get_one|refresh)",
            r"sqlalchemy\.(?:engine\.|ext\.asyncio\.Async)Connection\(\)\.(?:execute|scalars|scalar)",
            rf"{BUILDING}\.(?:all|first|one|one_or_none|scalar|count|get)",
            r"asyncpg\..*\.(?:fetch|fetchrow|fetchval|execute)",
            r"redis\.(?:asyncio\.)?Redis\(\)\.(?:get|hgetall|hget|smembers|lrange|exists)",
            r"(?:pymongo\.MongoClient|motor\..*Client)\(\).*\.(?:find_one|count_documents|aggregate)",
            r"tortoise\.models\.Model\(\)\.(?:get|get_or_none|first|exists)",
            r"tortoise\.models\.Model\(\)\.(?:all|filter|exclude)(?:\(\)\.\w+)*\(\)\.(?:first|count|exists|get|get_or_none)",
            r"beanie\.Document\(\)\.(?:get|find_one|count)",
            r"supabase\.Client\(\)\.table\(\).*\.execute",
        )
    )
)
STEPS = 3
"""How many calls lie between a call and the query that it leads to, at most."""
NOTHING: frozenset[str] = frozenset()
KEEPS = frozenset(("add", "add_all", "delete", "merge", "flush", "commit"))
CHANGES = frozenset(("insert", "update", "delete", "upsert"))


@dataclass(frozen=True, slots=True)
class Read:
    """A query that a call leads to, as it is told, and the steps there; none if the call runs it itself."""

    query: str
    steps: tuple[str, ...] = ()


def read_by(
    project: Project,
    call: ast.Call,
    scope: Scope,
    known: dict[Function, Read | None],
    steps: int = STEPS,
    present: frozenset[str] = NOTHING,
) -> Read | None:
    """Return the query that `call` leads to within a few steps, or None.

    What is found out of the functions on the way is put into `known`. `present` are the parameters of the function
    around the call that have been given, so that it does not ask for them itself.
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
    given = _given(call, function, scope.function, present)
    if function in known and not (given and known[function]):
        return known[function]
    before = known.get(function)
    known[function] = None
    inside = Scope(function.module, function, project.inference.bindings(called, call, scope) if called else {})
    read = None
    for item in function.body.calls:
        found = None if _is_for_want_of(given, item) else read_by(project, item, inside, known, steps - 1, given)
        if found is not None:
            path = function.module.path
            below = found.steps or (f"{path}:{item.lineno} {found.query}",)
            read = Read(found.query, (f"{path}:{function.node.lineno} {function.qualname}", *below))
            break
    if given:
        # Another call may leave to the function what this one gives it.
        known.pop(function)
        if before is not None:
            known[function] = before
    else:
        known[function] = read
    return read


def writes_too(project: Project, call: ast.Call, scope: Scope) -> bool:
    """Return whether what a call runs changes something itself: a row that it is given, or what a session has to keep.

    So does whoever settles, plans or repeats one thing after the other, each with what is known by then.
    """
    called = project.value(call.func, scope)
    function = function_of(called, project.inference)
    if called is None or function is None:
        return False
    inside = Scope(function.module, function, project.inference.bindings(called, call, scope))
    params = {param.name for param in function.params} - {"self", "cls"}
    stores = any(last_name(target.value) in params for target, _ in function.body.stored_attributes)
    return stores or any(
        last_name(item.func) in KEEPS and project.path(item.func, inside).startswith(SESSIONS)
        for item in function.body.calls
    )


def _given(call: ast.Call, function: Function, by: Function | None, present: frozenset[str]) -> frozenset[str]:
    """Return the parameters that need not be given, but are, by name; what the caller may itself lack is not."""
    optional = {param.name for param in function.params if _is_none(param.default)}
    lacking = {param.name for param in by.params if _is_none(param.default)} - present if by is not None else set()
    return frozenset(
        item.arg
        for item in call.keywords
        if item.arg in optional
        and not _is_none(item.value)
        and not (isinstance(item.value, ast.Name) and item.value.id in lacking)
    )


def _is_for_want_of(given: frozenset[str], call: ast.Call) -> bool:
    """Return whether a call is made only if one of some parameters is None."""
    for around, inside in nesting(call) if given else ():
        if not isinstance(around, (ast.If, ast.IfExp)) or not isinstance(test := around.test, ast.Compare):
            continue
        if isinstance(test.left, ast.Name) and test.left.id in given and _is_none(test.comparators[0]):
            branch = around.body if isinstance(test.ops[0], ast.Is) else around.orelse
            if inside is branch or (isinstance(branch, list) and inside in branch):
                return True
    return False


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
    """Return whether a statement inserts, updates or deletes, or a document that is found is changed at once."""
    if isinstance(around := parent(call), ast.Attribute) and around.attr in CHANGES:
        return True
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


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None

"""Calls that lead to a statement of SQL, which SQLAlchemy puts into the text of what goes wrong with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.topics.queries import BUILDING, TERMINALS

RUN = re.compile(
    rf"sqlalchemy\..*(?:Session|Connection)\(\)\.(?:commit|flush|refresh|merge|exec|execute|scalars?|get|get_one|delete)"
    rf"|{BUILDING}\.(?:update|delete|{'|'.join(sorted(TERMINALS))})"
)
SPEAKERS = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+(?:sqlalchemy|sqlmodel|psycopg2?|asyncpg|aiosqlite|sqlite3|pymysql|tortoise)\b",
    re.MULTILINE,
)
STEPS = 3
"""How many functions are followed to a statement, at most."""


def asks_with_sql(project: Project, calls: Iterable[ast.Call], function: Function) -> bool:
    """Return whether some of the calls that a function makes run a statement, or what they call does."""
    several = [(call, Scope.of(function)) for call in calls]
    seen = {function}
    for _ in range(STEPS + 1):
        below: list[tuple[ast.Call, Scope]] = []
        for call, scope in several:
            called = project.value(call.func, scope)
            if isinstance(called, str) and RUN.fullmatch(called):
                return True
            inside = function_of(called, project.inference)
            if called is not None and inside is not None and inside not in seen:
                seen.add(inside)
                bound = project.inference.bindings(called, call, scope)
                below += [(item, Scope(inside.module, inside, bound)) for item in inside.body.calls]
        several = below
    return False


def has_sql(project: Project) -> bool:
    """Return whether something other than the tests imports what speaks SQL, and puts it into its exceptions."""
    return any(SPEAKERS.search(module.data) for module in project.modules if not module.is_test)

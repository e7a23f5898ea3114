"""An engine whose URL or connect_args name an option of another driver."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import argument, keyword, text_of

MAKES = frozenset(("sqlalchemy.create_engine", "sqlalchemy.ext.asyncio.create_async_engine", "sqlmodel.create_engine"))
URL = re.compile(r"(?P<dialect>postgresql(?:\+\w+)?)://[^?]*(?:\?(?P<query>.*))?")
NOT_LIBPQ = frozenset(("pgbouncer", "schema", "charset", "check_same_thread", "ssl", "statement_cache_size"))
UNKNOWN = {
    "postgresql+asyncpg": frozenset(
        (
            *("sslmode", "sslcert", "sslkey", "sslrootcert", "channel_binding", "connect_timeout", "options"),
            *("application_name", "pgbouncer", "schema", "charset", "check_same_thread"),
        )
    ),
    "postgresql+psycopg": NOT_LIBPQ,
    "postgresql+psycopg2": NOT_LIBPQ,
    "postgresql": NOT_LIBPQ,
}

BROKEN = {
    "database.py": """
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

URL = "postgresql+asyncpg://app@db/app?sslmode=require"
engine = create_async_engine(URL)
other = create_engine("postgresql://app@db/app", connect_args={"check_same_thread": False})


def make():
    return create_async_engine("postgresql+asyncpg://app@db/app", connect_args={"sslmode": "require"})
"""
}
FIXED = {
    "database.py": """
import os

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("postgresql+asyncpg://app@db/app?ssl=require")
sync = create_engine("postgresql+psycopg://app@db/app?sslmode=require", connect_args={"connect_timeout": 5})
lite = create_engine("sqlite:///app.db", connect_args={"check_same_thread": False})
unknown = create_async_engine(os.environ["DATABASE_URL"], connect_args={"sslmode": "require"})
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the engines that get an option which their driver refuses."""
    options = {name.encode() for names in UNKNOWN.values() for name in names}
    for path in project.files.paths:
        is_told = project.files.holds(path, b"postgresql") and project.files.holds(path, *options)
        module = project.files.module(path) if is_told else None
        if module is not None:
            yield from _engines(project, module.body.calls, Scope(module))
            for function in module.all_functions:
                yield from _engines(project, function.body.calls, Scope.of(function))


def _engines(project: Project, calls: list[ast.Call], scope: Scope) -> Iterator[Sighting]:
    for call in calls:
        if project.path(call.func, scope) not in MAKES:
            continue
        written = _written(argument(call, 0, "url"), scope.module)
        url = URL.fullmatch(text_of(written))
        if url is None or written is None:
            continue
        given = [item.partition("=")[0] for item in (url["query"] or "").split("&")]
        connect_args = keyword(call, "connect_args")
        given += [text_of(key) for key in connect_args.keys] if isinstance(connect_args, ast.Dict) else []
        unknown = [name for name in given if name in UNKNOWN.get(url["dialect"], ())]
        if unknown:
            yield Sighting(
                module=scope.module,
                function=scope.function,
                node=call,
                severity="error",
                message=f"the driver of {url['dialect']} has no option {unknown[0]}, so no connection can be made",
                captured={"dialect": url["dialect"], "options": " ".join(unknown)},
                nodes={"url": written, **({"connect_args": connect_args} if connect_args is not None else {})},
            )


def _written(node: ast.expr | None, module: Module) -> ast.expr | None:
    """Return the expression of a text that is given here or by a name of the module."""
    if isinstance(node, ast.Name):
        values = module.body.assigned.get(node.id, [])
        return values[0] if len(values) == 1 else None
    return node

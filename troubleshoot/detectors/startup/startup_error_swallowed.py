"""Start-up code that catches everything and goes on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import count, takewhile

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import ancestors, argument, last_name, nodes_in, text_of

OPTIONAL = re.compile(
    r"optional|best[- ]effort|\b(not?( an?)?|non)[- ](critical|fatal|required|needed|blocking|a problem)\b"
    r"|\b(is|are|be) (disabled|unavailable|skipped)\b|degraded|fall(s|ing)?[- ]?back\b"
    r"|(continu|runn)(e|es|ing) (without|(the )?start)"
    r"|warm(s|ing)?\b|only a cache|can be (ignored|missing)|harmless|on purpose|works without|lazily",
    re.IGNORECASE,
)
"""What a comment or a message says of something that the application can do without."""
TIDIES = re.compile(r"(?:^|_)(?:clean(?:_?up)?|purge|prune|sweep|reap(?:er)?|vacuum|stale|orphan(?:s|ed)?)(?:_|$)")
"""What removes the leftovers of earlier runs, beside which the application is whole."""
PROVIDES = re.compile(
    r"(?:^|_)(?:a?connect|init(?:ialize|ialise)?|set_?up|migrations?|migrate|upgrade|create_all|create_tables?"
    r"|create_(?:pool|engine|client|index(?:es)?)|configure|start|register|load|open|ping|build|enable|include)(?:_|$)"
)
"""What makes something that requests need; rows that are put right, or sample data, are not that."""
GRAVE = frozenset(("error", "exception", "critical", "fatal"))
LEVELS = GRAVE | {"debug", "info", "warning", "warn"}
READING = frozenset(("open", "json.load", "yaml.safe_load"))
TELLS = frozenset(("print", "debug", "info", "warning", "exception", "error", "len"))

BROKEN = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


def connect():
    raise RuntimeError("no database")


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        app.state.db = connect()
    except Exception as error:
        print(error)
    yield


app = FastAPI(lifespan=lifespan)
""",
}
FIXED = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


def connect():
    return "database"


def create():
    print("creating")


def migrate():
    print("migrating")


def remove_stale_uploads():
    return []


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        app.state.db = connect()
    except Exception as error:
        print(error)
        raise
    try:
        migrate()
    except Exception:
        create()
        migrate()
    # Warming up is optional: the first request does it otherwise.
    try:
        create()
    except Exception as error:
        print(error)
    try:
        create()
    except Exception as error:
        print(error)  # not fatal
    try:
        removed = remove_stale_uploads()
        print(len(removed))
    except Exception as error:
        print(error)
    try:
        create()
    except Exception as error:
        print(f"{error}: this is not a critical error")
    try:
        yield
    except Exception as error:
        print(error)
    try:
        app.state.db.close()
    except Exception:
        print("could not close")


app = FastAPI(lifespan=lifespan)
""",
    "jobs.py": """
from fastapi import FastAPI
from fastapi_utils.tasks import repeat_every

app = FastAPI()


@app.on_event("startup")
@repeat_every(seconds=60)
def count():
    try:
        open("numbers")
    except Exception:
        print("next time")
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield broad handlers before the yield of a lifespan, or in a start-up handler."""
    events = project.registrations("event")
    stopping = {item.value for item in events if text_of(argument(item.call, 0, "event_type")) == "shutdown"}
    # What the start begins and a decorator repeats is tried again.
    passed_over = stopping | set(project.called_as("background job"))
    for function in project.called_as("lifespan"):
        if function in passed_over:
            continue
        first = min((node.lineno for node in function.body.yields), default=None)
        for attempt in function.body.tries:
            if first is not None and (attempt.end_lineno or 0) >= first:
                continue
            for handler in attempt.handlers:
                if (
                    _is_broad(project, handler, function)
                    and not _goes_out(handler)
                    and not _tries_again(attempt, handler)
                    and not _is_optional(attempt, handler, function.module)
                    and not _only_tidies(attempt)
                ):
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=handler,
                        severity="warning" if _provides(attempt, function) and not _is_mild(handler) else "info",
                        message=f"{function.name} goes on when starting fails, and serves a half-built application",
                    )


def _is_broad(project: Project, handler: ast.ExceptHandler, function: Function) -> bool:
    # A loop tries again.
    if any(isinstance(around, (ast.For, ast.While)) for around in ancestors(handler)):
        return False
    return handler.type is None or project.is_exception(
        handler.type, function, "builtins.Exception", "builtins.BaseException"
    )


def _goes_out(handler: ast.ExceptHandler) -> bool:
    nodes = list(nodes_in(handler.body))
    exits = [ast.unparse(item.func) for item in nodes if isinstance(item, ast.Call)]
    return any(isinstance(item, ast.Raise) for item in nodes) or any(name.endswith("exit") for name in exits)


def _is_optional(attempt: ast.Try, handler: ast.ExceptHandler, module: Module) -> bool:
    """Return whether a comment above the `try`, or in the `except`, or a message says that its failure does no harm."""
    if any(OPTIONAL.search(text_of(item)) for item in nodes_in(handler.body)):
        return True
    lines = [attempt.lineno - 1, *range(attempt.lineno, attempt.body[0].lineno + 1)]
    end = (handler.end_lineno or handler.lineno) + 1
    lines += range(handler.lineno - 1, end)
    inside = " " * (handler.col_offset + 1)
    lines += takewhile(lambda number: re.match(rf"{inside}\s*#", module.line(number)), count(end))
    comments = [module.line(number).partition("#")[2] for number in lines]
    return any(OPTIONAL.search(comment) for comment in (*comments, *module.comments_above(attempt.lineno)))


def _only_tidies(attempt: ast.Try) -> bool:
    """Return whether all that is attempted is to remove what earlier runs have left."""
    called = {last_name(node.func) for node in nodes_in(attempt.body) if isinstance(node, ast.Call)} - TELLS
    return bool(called) and all(TIDIES.search(name) for name in called)


def _is_mild(handler: ast.ExceptHandler) -> bool:
    """Return whether a failure is logged as less than an error, and only so."""
    logged = {last_name(item.func) for item in nodes_in(handler.body) if isinstance(item, ast.Call)} & LEVELS
    return bool(logged) and not logged & GRAVE


def _provides(attempt: ast.Try, function: Function) -> bool:
    """Return whether what is attempted is kept for requests, or is called as what makes something for them."""
    nodes = list(nodes_in(attempt.body))
    assigned = [item for item in nodes if isinstance(item, (ast.Assign, ast.AnnAssign))]
    targets = [item for one in assigned for item in (one.targets if isinstance(one, ast.Assign) else [one.target])]
    called = [item.func for item in nodes if isinstance(item, ast.Call) and ast.unparse(item.func) not in READING]
    return any(_is_kept(item, function) for item in targets) or any(
        PROVIDES.search(_snake(last_name(item))) for item in called
    )


def _is_kept(target: ast.expr, function: Function) -> bool:
    return isinstance(target, (ast.Attribute, ast.Subscript)) or last_name(target) in function.body.globals


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _tries_again(attempt: ast.Try, handler: ast.ExceptHandler) -> bool:
    """Return whether a handler repairs something and calls the same again, whose failure then goes out."""
    first, again = (
        {ast.unparse(node.func) for node in nodes_in(body) if isinstance(node, ast.Call)}
        for body in (attempt.body, [item for item in handler.body if not isinstance(item, ast.Try)])
    )
    return any(name.partition(".")[0] not in ("print", "logging", "logger", "log") for name in first & again)

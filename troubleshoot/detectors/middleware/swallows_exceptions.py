"""Every exception answered by a middleware, and told to nobody."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, last_name, nodes_in, short
from troubleshoot.code.topics.middleware import http_middleware, next_call

EVERYTHING = ("builtins.Exception", "builtins.BaseException")
BUGS = tuple(f"builtins.{name}" for name in ("ValueError", "KeyError", "TypeError", "AttributeError", "LookupError"))
READING = ("str", "repr", "type", "format", "isinstance", "getattr", "hasattr")
TELLING = ("exception", "error", "critical", "warning", "log", "capture_exception", "print_exc", "format_exc", "print")

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def catch_all(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception:
        return JSONResponse({"detail": "something went wrong"}, status_code=500)


@app.middleware("http")
async def blame_the_client(request: Request, call_next):
    try:
        response = await call_next(request)
    except ValueError as error:
        print(error)
        response = JSONResponse({"detail": "invalid"}, status_code=422)
    return response


@app.middleware("http")
async def tell_the_client(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception as error:
        return JSONResponse({"detail": str(error)}, status_code=500)
""",
}
FIXED = {
    "main.py": """
import logging

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()
logger = logging.getLogger(__name__)


class QuotaError(Exception):
    pass


@app.middleware("http")
async def catch_all(request: Request, call_next):
    try:
        return await call_next(request)
    except QuotaError:
        return JSONResponse({"detail": "later"}, status_code=429)
    except Exception:
        logger.exception("unhandled")
        return JSONResponse({"detail": "something went wrong"}, status_code=500)


@app.middleware("http")
async def measure(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception:
        request.state.failed = True
        raise


@app.middleware("http")
async def hand_on(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception as error:
        return await answer_for(request, error)


async def answer_for(request: Request, error: Exception):
    logger.error("unhandled in %s", request.url.path, exc_info=error)
    return JSONResponse({"detail": "something went wrong"}, status_code=500)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield handlers around call_next that hide what went wrong."""
    for function in http_middleware(project):
        call = next_call(function)
        for attempt in ancestors(call) if call is not None else ():
            for handler in attempt.handlers if isinstance(attempt, ast.Try) else ():
                if (what := _hides(project, handler, function)) is not None:
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=handler,
                        severity="warning",
                        message=f"{function.qualname} {what}",
                        nodes={"everything": handler} if _is_broad(project, handler, function) else {},
                    )


def _hides(project: Project, handler: ast.ExceptHandler, function: Function) -> str | None:
    """Return what is wrong with a handler, or None."""
    nodes = list(nodes_in(handler.body))
    if any(isinstance(item, ast.Raise) for item in nodes):
        return None
    if _is_broad(project, handler, function):
        calls = [item for item in nodes if isinstance(item, ast.Call)]
        told = {last_name(item.func) for item in calls} & set(TELLING)
        if told or any(_hands_on(item, handler.name) for item in calls):
            return None
        return "answers every exception, and neither logs nor raises it"
    blames = any(isinstance(item, ast.Constant) and item.value in (400, 404, 409, 422) for item in nodes) or any(
        isinstance(item, ast.Attribute) and item.attr.startswith("HTTP_4") for item in nodes
    )
    if blames and handler.type is not None and project.is_exception(handler.type, function, *BUGS):
        return f"answers every {short(handler.type)}, also that of a bug, as the client's mistake"
    return None


def _hands_on(call: ast.Call, name: str | None) -> bool:
    """Return whether a function is given the exception itself, and so may log it."""
    given = [*call.args, *(item.value for item in call.keywords)]
    called = last_name(call.func)
    return (
        called not in READING
        and not called.endswith("Response")
        and any(isinstance(item, ast.Name) and item.id == name for item in given)
    )


def _is_broad(project: Project, handler: ast.ExceptHandler, function: Function) -> bool:
    return handler.type is None or project.is_exception(handler.type, function, *EVERYTHING)

"""Exception handlers for FastAPI's own HTTPException, for refused requests without JSON, and those without answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.parts import Registration
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, argument

BROKEN = {
    "main.py": """
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(HTTPException)
async def http_error(request: Request, error: HTTPException):
    return JSONResponse({"error": error.detail}, status_code=error.status_code)


@app.exception_handler(RequestValidationError)
async def refused(request: Request, error: RequestValidationError):
    return JSONResponse({"errors": error.errors()}, status_code=422)


@app.exception_handler(KeyError)
async def missing(request: Request, error: KeyError):
    raise HTTPException(404, str(error))


@app.exception_handler(OSError)
def unread(request: Request, error: OSError):
    print(error)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, HTTPException, Request, WebSocket
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

app = FastAPI()
other = FastAPI()


@app.exception_handler(StarletteHTTPException)
async def http_error(request: Request, error: StarletteHTTPException):
    return JSONResponse({"error": error.detail}, status_code=error.status_code)


@app.exception_handler(HTTPException)
async def own_error(request: Request, error: HTTPException):
    return JSONResponse({"mine": error.detail}, status_code=error.status_code)


@app.exception_handler(RequestValidationError)
async def refused(request: Request, error: RequestValidationError):
    return JSONResponse(jsonable_encoder({"errors": error.errors()}), status_code=422)


@other.exception_handler(RequestValidationError)
async def told(request: Request, error: RequestValidationError):
    messages = [item["msg"] for item in error.errors()]
    return JSONResponse({"errors": messages, "count": len(error.errors())}, status_code=422)


@other.exception_handler(404)
async def missing(request: Request, error: Exception):
    return JSONResponse({}, status_code=404)


@other.exception_handler(OSError)
async def unread(request: Request, error: OSError):
    print(error)
    raise error


@other.exception_handler(KeyError)
async def closed(websocket: WebSocket, error: KeyError):
    await websocket.close(1008)


@other.exception_handler(HTTPException)
async def other_error(request: Request, error: HTTPException):
    return JSONResponse({"error": error.detail}, status_code=error.status_code)
""",
}
REFUSED = ("fastapi.exceptions.RequestValidationError", "pydantic.ValidationError")
JSON = ("fastapi.responses.JSONResponse", "starlette.responses.JSONResponse")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield handlers that miss the framework's own errors, and handlers of refused requests that may fail."""
    handlers = project.registrations("handler")
    for handler in handlers:
        function = handler.value if isinstance(handler.value, Function) else None
        caught = argument(handler.call, 0, "exc_class_or_status_code")
        if handler.owner is not None and _comes_from(handler, "fastapi"):
            beside = [item for item in handlers if item.owner == handler.owner]
            if not any(_comes_from(item, "starlette") or _is_status(item) for item in beside):
                yield Sighting(
                    module=handler.scope.module,
                    function=handler.scope.function,
                    node=handler.call,
                    severity="info",
                    message="unknown paths and wrong methods raise Starlette's HTTPException: this handler misses it",
                    nodes={"caught": caught} if caught is not None else {},
                )
        if function is not None and project.path(caught, handler.scope) in REFUSED:
            yield from _unencoded(project, function)
        if function is not None and _answers_nothing(function):
            yield Sighting(
                module=function.module,
                function=function,
                node=(function.body.raises or function.node.body[-1:])[-1],
                severity="error" if function.body.raises else "warning",
                message=f"{function.name} is an exception handler, and returns no response"
                + (": what it raises, nobody handles" if function.body.raises else ""),
            )


def _comes_from(handler: Registration, package: str) -> bool:
    """Return whether the class that a handler is for is the HTTPException of `package`, by the import of its name."""
    caught = argument(handler.call, 0, "exc_class_or_status_code")
    imported = handler.scope.module.imports.get(caught.id) if isinstance(caught, ast.Name) else None
    if imported is None or not isinstance(imported[0], ast.ImportFrom):
        return False
    source, name = imported[0].module or "", imported[1]
    of = "starlette" if name == "StarletteHTTPException" else source.partition(".")[0]
    return name.endswith("HTTPException") and of == package


def _answers_nothing(function: Function) -> bool:
    """Return whether a handler of requests returns nothing, and does not only let the exception pass."""
    own = [param.name for param in function.params[1:]]
    passed_on = any(
        item.exc is None or (isinstance(item.exc, ast.Name) and item.exc.id in own) for item in function.body.raises
    )
    of_websocket = "websocket" in ast.unparse(function.node.args).lower()
    return not (function.body.returns or function.body.yields or passed_on or of_websocket)


def _is_status(handler: Registration) -> bool:
    caught = argument(handler.call, 0, "exc_class_or_status_code")
    return caught is not None and "404" in ast.unparse(caught)


def _unencoded(project: Project, function: Function) -> Iterator[Sighting]:
    """Yield `exc.errors()` where it goes into a JSON response through nothing but dictionaries and lists."""
    for call in function.body.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "errors" or call.args or call.keywords:
            continue
        around = [item for item in ancestors(call) if not isinstance(item, (ast.Dict, ast.List, ast.keyword))]
        if around and isinstance(around[0], ast.Call) and project.path(around[0].func, function) in JSON:
            yield Sighting(
                module=function.module,
                function=function,
                node=call,
                severity="warning",
                message=f"{ast.unparse(call)} may hold exceptions and bytes, and no JSONResponse takes these",
                nodes={"errors": call},
            )

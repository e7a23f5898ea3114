"""A JSONResponse with plain data where a response model is declared; a cookie on a response that is not returned."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.parts import Route
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import argument, keyword, mentions, short, text_of
from troubleshoot.code.topics.models import fields_of, is_model

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel

app = FastAPI()


class UserOut(BaseModel):
    name: str


@app.get("/users/{user_id}", response_model=UserOut)
async def read(user_id: int):
    user = {"name": "ann", "password": "x"}
    return JSONResponse(user)


@app.get("/users", response_model=list[UserOut])
async def read_all(users: list):
    return JSONResponse(content=jsonable_encoder(users), status_code=200)


@app.get("/me")
async def me() -> UserOut:
    return JSONResponse({"name": "ann", "password": "x"})


@app.post("/login")
def login(response: Response):
    response.set_cookie("session", "x")
    return RedirectResponse("/me")
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, FileResponse, RedirectResponse
from pydantic import BaseModel

app = FastAPI()


class UserOut(BaseModel):
    name: str


@app.get("/users/{user_id}", response_model=UserOut)
async def read(user_id: int):
    if user_id > 9:
        return JSONResponse({"detail": "Not found"}, status_code=404)
    return {"name": "ann", "password": "x"}


@app.get("/me", response_model=UserOut)
async def me():
    user = UserOut(name="ann")
    return JSONResponse(user.model_dump())


@app.get("/other", response_model=UserOut)
async def other():
    status = 404
    return JSONResponse({"detail": "Not found"}, status)


@app.get("/plain")
async def plain():
    return JSONResponse({"name": "ann"})


@app.get("/file", response_model=UserOut)
async def file():
    return FileResponse("a.txt")


@app.get("/none", response_model=None)
async def none() -> UserOut | JSONResponse:
    return JSONResponse({"name": "ann"})


@app.get("/twice", response_model=UserOut)
async def twice():
    try:
        return {"name": "ann"}
    except ValueError as error:
        return JSONResponse({"message": str(error)})


@app.post("/login")
def login(response: Response):
    response.set_cookie("session", "x")
    return RedirectResponse("/me", headers=response.headers)


@app.post("/enter")
def enter():
    response = RedirectResponse("/me")
    response.set_cookie("session", "x")
    return response


@app.post("/leave")
def leave(response: Response, ask: bool = False):
    response.delete_cookie("session")
    if ask:
        return RedirectResponse("/me")
    return {"left": True}
""",
}
JSON = ("fastapi.responses.JSONResponse", "fastapi.responses.ORJSONResponse", "starlette.responses.JSONResponse")
INJECTED = ("fastapi.Response()", "fastapi.responses.Response()", "starlette.responses.Response()")
KINDS = ("fastapi.responses.", "starlette.responses.", "fastapi.Response")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield returned JSON responses that hold data which no model has made, where a model is declared; lost cookies."""
    for function in project.called_as("path operation"):
        yield from _lost_cookies(project, function)
    for route in project.routes:
        models = [] if route.is_websocket else _models(project, route)
        if not models:
            continue
        function = route.function
        returned = [statement.value for statement in function.body.returns if statement.value is not None]
        # Where data is returned as well, the response is for another case, such as an error.
        for call in returned if all(_is_plain(project, route, node) for node in returned) else ():
            more = _not_declared(project, function, call, models)
            if more is not None and not more:
                continue
            yield Sighting(
                module=function.module,
                function=function,
                node=call,
                severity="warning" if more else "info",
                message=f"{short(call, 40)} is sent as it is: the response model of {function.name} neither checks nor "
                "filters it",
                captured=project.path_of(function),
                nodes={"route": route.call},
            )


def _lost_cookies(project: Project, function: Function) -> Iterator[Sighting]:
    """Yield cookies set on the parameter of an endpoint that returns nothing but responses of its own."""
    names = {param.name for param in function.params if project.inference.parameter(param, function) in INJECTED}
    returned = [statement.value for statement in function.body.returns]
    if not names or not returned or not all(_is_response(project, function, node, names) for node in returned):
        return
    for call in function.body.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("set_cookie", "delete_cookie"):
            name = getattr(call.func.value, "id", "")
            if name in names and name not in function.body.assigned:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"the cookie is lost: {function.name} returns a response of its own, not {name}",
                    captured=project.path_of(function),
                )


def _is_response(project: Project, function: Function, node: ast.expr | None, names: set[str]) -> bool:
    """Return whether `node` makes a response that has nothing of the injected one."""
    path = project.path(node.func, function) if isinstance(node, ast.Call) else None
    return node is not None and path is not None and path.startswith(KINDS) and not mentions(node, names)


def _models(project: Project, route: Route) -> list[Class]:
    """Return the Pydantic models that `response_model` names, or without that the return annotation."""
    scope = Scope(route.function.module, route.function.outer)
    declared = keyword(route.call, "response_model") or route.function.node.returns
    names = [node for node in ast.walk(declared) if isinstance(node, (ast.Name, ast.Attribute))] if declared else []
    values = [project.value(node, scope) for node in names]
    return [value for value in values if isinstance(value, Class) and is_model(project, value)]


def _not_declared(project: Project, function: Function, call: ast.expr, models: list[Class]) -> set[str] | None:
    """Return what a response holds that no model has, if it is written out as a dictionary; None if it is not."""
    content = argument(call, 0, "content") if isinstance(call, ast.Call) else None
    if isinstance(content, ast.Name):
        assigned = function.body.assigned.get(content.id, ())
        content = assigned[0] if len(assigned) == 1 else None
    if not isinstance(content, ast.Dict) or None in content.keys:
        return None
    return {text_of(key) for key in content.keys} - {name for model in models for name in fields_of(project, model)}


def _is_plain(project: Project, route: Route, node: ast.expr) -> bool:
    """Return whether `node` makes a successful JSON response of data that is not the dump of a model."""
    if not isinstance(node, ast.Call) or project.path(node.func, route.function) not in JSON:
        return False
    status = argument(node, 1, "status_code")
    content = argument(node, 0, "content")
    if status is not None and not "".join(item for item in ast.unparse(status) if item.isdigit()).startswith("2"):
        return False
    return content is not None and not any(
        isinstance(item, ast.Attribute) and item.attr in ("model_dump", "dict", "model_dump_json", "json")
        for item in ast.walk(content)
    )

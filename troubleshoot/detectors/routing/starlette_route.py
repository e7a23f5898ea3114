"""A function written for FastAPI as a route of Starlette: it gets the request alone, and must return a Response."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function

BROKEN = {
    "main.py": """
from fastapi import APIRouter, Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse

app = FastAPI()
router = APIRouter()


@app.route("/", methods=["GET", "POST"])
async def root():
    return "ok"


@app.route("/home", methods=["GET", "POST"])
def home(request: Request, number: int = Form(...)):
    return HTMLResponse(str(number))


@router.route("/state")
async def state(request):
    return {"state": "up"}


def items(request: Request, db=Depends(dict)):
    return HTMLResponse(str(db))


app.add_route("/items", items)
app.include_router(router)
"""
}
FIXED = {
    "main.py": """
from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse

app = FastAPI()


@app.get("/")
@app.post("/")
async def root():
    return "ok"


@app.api_route("/home", methods=["GET", "POST"])
def home(request: Request, number: int = Form(...)):
    return HTMLResponse(str(number))


@app.route("/state")
async def state(request):
    return JSONResponse({"state": "up"})


@app.route("/any")
def anything(*args, **kwargs):
    return HTMLResponse("")


def pages(request: Request):
    return HTMLResponse("")


app.add_route("/pages", pages)
"""
}
OF_STARLETTE = ("route", "add_route")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield functions that a route of Starlette cannot call, or whose result or parameters it does not understand."""
    for route in project.routes:
        if getattr(route.call.func, "attr", "") in OF_STARLETTE and (wrong := _wrong(route.function)):
            yield Sighting(
                module=route.function.module,
                function=route.function,
                node=route.function.node,
                severity="error",
                message=f"{route.function.name} is a route of Starlette, and {wrong}",
            )


def _wrong(function: Function) -> str:
    """Return what of a function is for FastAPI only."""
    if function.node.args.vararg or function.node.args.kwarg:
        return ""
    if not function.params:
        return "does not take the request that it is given"
    if len(function.params) > 1:
        return f"gets nothing but the request: {function.params[1].name} stays what stands behind its name"
    if any(isinstance(item.value, (ast.Constant, ast.Dict, ast.List, ast.JoinedStr)) for item in function.body.returns):
        return "returns something that is no Response"
    return ""

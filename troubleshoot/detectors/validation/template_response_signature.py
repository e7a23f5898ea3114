"""TemplateResponse with the name of the template in the first place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates

app = FastAPI()
templates = Jinja2Templates(directory="templates")


@app.get("/")
async def home(request: Request):
    return templates.TemplateResponse("index.html", {"request": request})


@app.get("/{name}")
async def page(request: Request, name: str):
    return templates.TemplateResponse(f"{name}.html", context={"request": request})


@app.get("/about")
async def about(request: Request):
    return templates.TemplateResponse(name="about.html", context={"request": request})


@app.get("/other")
async def other(request: Request):
    return templates.TemplateResponse("about.html", request=request)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates

app = FastAPI()
templates = Jinja2Templates(directory="templates")


@app.get("/")
async def home(request: Request):
    return templates.TemplateResponse(request, "index.html", {"title": "x"})


@app.get("/about")
async def about(request: Request):
    return templates.TemplateResponse(name="about.html", request=request)


@app.get("/all")
async def everything(request: Request, *args, **kwargs):
    return templates.TemplateResponse(*args, **kwargs)


def made(request: Request, name: str):
    return templates.TemplateResponse(request=request, name=name, context={})
""",
}
MAKERS = (
    "fastapi.templating.Jinja2Templates().TemplateResponse",
    "starlette.templating.Jinja2Templates().TemplateResponse",
)


def detect(project: Project) -> Iterator[Sighting]:
    """Yield calls whose first argument is a text, or that name the template and give no request."""
    for module in project.modules:
        for function in module.all_functions if module.mentions(b"TemplateResponse") else ():
            for call in function.body.calls:
                if project.path(call.func, function) in MAKERS and _is_old(call):
                    yield _sighting(project, function, call)


def _is_old(call: ast.Call) -> bool:
    if any(isinstance(item, ast.Starred) for item in call.args) or any(item.arg is None for item in call.keywords):
        return False
    first = call.args[0] if call.args else None
    text = isinstance(first, ast.JoinedStr) or (isinstance(first, ast.Constant) and isinstance(first.value, str))
    return text or (first is None and keyword(call, "name") is not None and keyword(call, "request") is None)


def _sighting(project: Project, function: Function, call: ast.Call) -> Sighting:
    named = call.args[0] if call.args else keyword(call, "name")
    literal = named.value if isinstance(named, ast.Constant) and isinstance(named.value, str) else ""
    return Sighting(
        module=function.module,
        function=function,
        node=call,
        severity="error",
        message="TemplateResponse wants the request first; Starlette 1 takes the next argument for the template's name",
        captured=project.path_of(function) | ({"template": literal} if literal else {}),
    )

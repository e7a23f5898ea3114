"""A login that reads a form, and is sent JSON."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.application.parts import Route
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.parameters import marker
from troubleshoot.code.topics.sent import arriving

BROKEN = {
    "main.py": """
from typing import Annotated

import requests
from fastapi import Depends, FastAPI, Form
from fastapi.security import OAuth2PasswordRequestForm

app = FastAPI()


@app.post("/token")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    return form.username


@app.post("/login")
def simple(username: str = Form(), password: str = Form()):
    return username


def send():
    requests.post("http://localhost:8000/login", json={"username": "ann", "password": "x"})
    return requests.post("http://localhost:8000/token", json={"username": "ann", "password": "x"})
""",
}
FIXED = {
    "main.py": """
import requests
from fastapi import Body, Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm

app = FastAPI()


@app.post("/token")
def login(form: OAuth2PasswordRequestForm = Depends()):
    return form.username


@app.post("/login")
def simple(username: str = Body(), password: str = Body()):
    return username


def send():
    requests.post("http://localhost:8000/login", json={"username": "ann", "password": "x"})
    return requests.post("http://localhost:8000/token", data={"username": "ann", "password": "x"})
""",
}
FORM = frozenset(
    f"fastapi.security.{name}" for name in ("OAuth2PasswordRequestForm", "OAuth2PasswordRequestFormStrict")
)


def detect(project: Project) -> Iterator[Sighting]:
    """Yield requests with JSON to an endpoint that reads the form of a login."""
    for request, route in arriving(project):
        if keyword(request.call, "json") is not None and _reads_login(project, route):
            yield Sighting(
                module=request.module,
                function=request.function,
                node=request.call,
                severity="warning",
                message=f"the request sends JSON; {route.function.name} reads a form",
                captured=project.path_of(route.function),
            )


def concerns(project: Project) -> bool:
    """Return whether a request and the endpoint that it is for are both there."""
    return any(True for _ in arriving(project))


def _reads_login(project: Project, route: Route) -> bool:
    """Return whether an endpoint reads OAuth2's form, or a user's name or password from fields of one."""
    function = route.function
    for param in function.params:
        named = param.name in ("username", "password", "email")
        if named and marker(project, function, param, frozenset(("fastapi.Form",))) is not None:
            return True
        made = project.inference.parameter(param, function)
        if isinstance(made, str) and made.removesuffix("()") in FORM:
            return True
    return False

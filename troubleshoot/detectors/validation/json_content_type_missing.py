"""JSON that a client sends without saying that it is some, or what is no JSON to an endpoint that wants it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.middleware import literal
from troubleshoot.code.topics.sent import arriving, body_models, has_body

BROKEN = {
    "main.py": """
import json

import requests
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/items")
def create(item: Item):
    return item


def send(item):
    text = json.dumps(item)
    requests.post("http://localhost:8000/items", data={"name": "pen"})
    requests.post("http://localhost:8000/items", json=text)
    return requests.post("http://localhost:8000/items", data=json.dumps(item))
""",
}
FIXED = {
    "main.py": """
import json

import requests
from fastapi import FastAPI, Form
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/items")
def create(item: Item):
    return item


@app.post("/forms")
def form(name: str = Form()):
    return name


def send(item):
    requests.post("http://localhost:8000/items", json=item)
    requests.post("http://localhost:8000/items", data=item)
    requests.post("http://localhost:8000/forms", data={"name": "pen"})
    headers = {"Content-Type": "application/json"}
    return requests.post("http://localhost:8000/items", data=json.dumps(item), headers=headers)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield requests to an endpoint that reads a model from JSON, with a body that is not told to be JSON."""
    for request, route in arriving(project):
        models = body_models(project, route.function)
        why = _unlike_json(project, request.call, request.scope) if models else ""
        if why:
            yield Sighting(
                module=request.module,
                function=request.function,
                node=request.call,
                severity="warning",
                message=f"the request {why}; {route.function.name} reads {models[0].name} from JSON",
                captured=project.path_of(route.function),
            )


def concerns(project: Project) -> bool:
    """Return whether a request with what it sends and the endpoint that it is for are both there."""
    return any(has_body(request) for request, _ in arriving(project))


def _unlike_json(project: Project, call: ast.Call, scope: Scope) -> str:
    """Return what a request sends in the place of JSON, or the empty string."""
    if any(word.arg in ("headers", None) for word in call.keywords):
        return ""
    if _is_dumped(project, keyword(call, "json"), scope):
        return "turns its text into JSON once more"
    sent = keyword(call, "data") or keyword(call, "content")
    if _is_dumped(project, sent, scope):
        return "does not say that its text is JSON"
    return "sends a form" if isinstance(literal(project, sent, scope), ast.Dict) else ""


def _is_dumped(project: Project, node: ast.expr | None, scope: Scope) -> bool:
    """Return whether a value is a text that `json.dumps` has made."""
    found = literal(project, node, scope) if isinstance(node, ast.Name) else node
    return isinstance(found, ast.Call) and project.path(found.func, scope) == "json.dumps"

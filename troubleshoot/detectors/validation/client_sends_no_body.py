"""A request without a body to an endpoint that wants one."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.sent import WITH_BODY, arriving, body_models, has_body

BROKEN = {
    "main.py": """
import requests
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/items")
def create(item: Item):
    return item


def look():
    return requests.post("http://localhost:8000/items")
""",
}
FIXED = {
    "main.py": """
import requests
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str = ""


@app.post("/items")
def create(item: Item):
    return item


@app.post("/maybe")
def maybe(item: Item | None = None):
    return item


@app.post("/start")
def start():
    return {}


def look(**options):
    requests.post("http://localhost:8000/items", json={"name": "pen"})
    requests.post("http://localhost:8000/items", **options)
    requests.post("http://localhost:8000/maybe")
    return requests.post("http://localhost:8000/start")
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield requests that send nothing of what the endpoint reads from the body."""
    for request, route in arriving(project):
        wanted = [param for param in body_models(project, route.function) if param.default is None]
        is_empty = has_body(request) is False and keyword(request.call, "params") is None
        if wanted and is_empty and request.method in WITH_BODY:
            yield Sighting(
                module=request.module,
                function=request.function,
                node=request.call,
                severity="warning",
                message=f"the request has no body; {route.function.name} reads {wanted[0].name} from it",
                captured=project.path_of(route.function),
            )


def concerns(project: Project) -> bool:
    """Return whether a request with what it sends and the endpoint that it is for are both there."""
    return any(has_body(request) for request, _ in arriving(project))

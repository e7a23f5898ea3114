"""A request with a method for which no route of the project has its path."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.topics.sent import sent

BROKEN = {
    "main.py": """
import requests
from fastapi import FastAPI

app = FastAPI()


@app.post("/items")
def create():
    return {}


@app.get("/items/{number}")
def read(number: int):
    return {}


def look():
    return requests.get("http://localhost:8000/items")
""",
}
FIXED = {
    "main.py": """
import requests
from fastapi import FastAPI

app = FastAPI()


@app.post("/items")
def create():
    return {}


@app.get("/items")
def read_all():
    return {}


@app.post("/jobs")
def start():
    return requests.get("https://jobs.example/jobs")


@app.api_route("/any", methods=["GET", "PUT"])
def both():
    return {}


def look():
    requests.put("http://localhost:8000/any")
    return requests.get("http://localhost:8000/items")
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield requests whose path is there, and not for their method."""
    for request in sent(project):
        methods = sorted({method for route in request.routes for method in route.methods})
        # A slash too many or too few is redirected, before anybody looks at the method.
        is_redirected = request.address.endswith("/") != (request.routes[0].path or "").endswith("/")
        if request.method not in methods and not is_redirected:
            first = request.routes[0]
            yield Sighting(
                module=request.module,
                function=request.function,
                node=request.call,
                severity="warning",
                message=f"{first.path} is called with {request.method}, and is there for {', '.join(methods)}",
                captured=project.path_of(first.function),
            )


def concerns(project: Project) -> bool:
    """Return whether a request and a route for it are both there."""
    return bool(sent(project))

"""on_event handlers beside a lifespan."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword

BROKEN = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")
async def connect():
    print("never printed")


app.add_event_handler("shutdown", connect)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def connect():
    print("connected")
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield handlers of events that a lifespan replaces."""
    lifespans = {
        item.owner: item for item in project.registrations("app") if keyword(item.call, "lifespan") is not None
    }
    for item in project.registrations("event"):
        if item.owner is not None and item.owner in lifespans:
            name = getattr(item.value, "name", "this handler")
            made = lifespans[item.owner]
            functions = {"handler": item.value, "lifespan": project.value(keyword(made.call, "lifespan"), made.scope)}
            yield Sighting(
                module=item.scope.module,
                function=item.scope.function,
                node=item.call,
                severity="error",
                message=f"{name} never runs, because {item.owner[1]} has a lifespan",
                nodes={name: value.node for name, value in functions.items() if isinstance(value, Function)},
            )

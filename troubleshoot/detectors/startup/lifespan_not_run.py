"""A mounted application with start-up code, which nobody runs."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.application.parts import Registration
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword

BROKEN = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI

from polls import polls

app = FastAPI()
app.mount("/polls", polls)

jobs = FastAPI()


@jobs.on_event("startup")
async def connect():
    print("never printed")


app.mount("/jobs", jobs)
""",
    "polls.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.ballots = {}
    yield


polls = FastAPI(lifespan=lifespan)
""",
}
FIXED = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from polls import open_ballots, polls, shared


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with open_ballots(polls):
        yield


app = FastAPI(lifespan=lifespan)
app.mount("/polls", polls)
app.mount("/static", StaticFiles(directory="static"))

admin = FastAPI()
app.mount("/admin", admin)

other = FastAPI(lifespan=shared)
sub = FastAPI(lifespan=shared)
other.mount("/sub", sub)
""",
    "polls.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def open_ballots(app: FastAPI):
    app.state.ballots = {}
    yield


@asynccontextmanager
async def shared(app: FastAPI):
    yield


polls = FastAPI(lifespan=open_ballots)
""",
}
BY_HAND = ("lifespan_context", "LifespanManager", "router.startup")
"""What is named where somebody runs the start-up code of an application."""


def detect(project: Project) -> Iterator[Sighting]:
    """Yield mounts of an application whose lifespan, or handler of an event, is run by nobody else."""
    if any(project.files.holds(path, *map(str.encode, BY_HAND)) for path in project.files.paths):
        return
    mounts = [item for item in project.registrations("mount") if item.owner is not None and item.other is not None]
    below = {item.other for item in mounts}
    run_elsewhere = {_lifespan(project, item) for item in project.registrations("app") if item.owner not in below}
    for item in mounts:
        code = _startup_code(project, item)
        if code is None or code in run_elsewhere or _is_entered(project, code):
            continue
        yield Sighting(
            module=item.scope.module,
            function=item.scope.function,
            node=item.call,
            severity="error",
            message=f"{code.name} never runs, because its application is mounted into another one",
        )


def _startup_code(project: Project, mount: Registration) -> Function | None:
    """Return the lifespan, or else the first handler of an event, of the application that is mounted."""
    made = [item for item in project.registrations("app") if item.owner == mount.other]
    events = [item.value for item in project.registrations("event") if item.owner == mount.other]
    several = [*(_lifespan(project, item) for item in made), *events]
    return next((item for item in several if isinstance(item, Function)), None)


def _lifespan(project: Project, made: Registration) -> Function | None:
    value = project.value(keyword(made.call, "lifespan"), made.scope)
    return value if isinstance(value, Function) else None


def _is_entered(project: Project, code: Function) -> bool:
    """Return whether a function calls start-up code itself, as the lifespan of the outer application does."""
    return any(
        project.value(call.func, function) is code
        for module in project.files.modules(code.name)
        for function in module.all_functions
        for call in function.body.calls
    )

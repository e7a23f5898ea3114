"""Two routes with one path and method."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.routing import Entry, Routing, are_never_both, may_be_missing

BROKEN = {
    "main.py": """
from fastapi import FastAPI

from more import router

app = FastAPI()


@app.get("/items/{item_id}")
def read_item(item_id: int):
    return item_id


@app.get("/items/{name}")
def read_named(name: str):
    return name


@app.get("/twice")
@app.get("/twice")
def read_twice():
    return 2


app.include_router(router)
""",
    "more.py": """
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.get("/{item_id}")
def read_again(item_id: int):
    return item_id
""",
}
FIXED = {
    "main.py": """
from fastapi import APIRouter, FastAPI
from fastapi_versioning import VersionedFastAPI, version

app = FastAPI()
router = APIRouter()


@app.get("/hello")
@version(1)
def hello():
    return "hello"


@app.get("/hello")
@version(2)
def hello_again():
    return "hello again"


@app.get("/items/{item_id}")
def read_item(item_id: int):
    return item_id


@app.put("/items/{item_id}")
def write_item(item_id: int):
    return item_id


@app.get("/items/{item_id}/")
def read_slash(item_id: int):
    return item_id


@router.get("/status")
def status():
    return "ok"


if app.debug:

    @app.get("/metrics")
    def metrics():
        return "all"
else:

    @app.get("/metrics")
    def guarded_metrics():
        return "some"


app.include_router(router, prefix="/v1")
app.include_router(router, prefix="/v2")
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the later one of two equal routes."""
    told = set()
    for table in Routing(project).tables():
        first: dict[tuple[str, str], Entry] = {}
        for entry in table:
            for method in sorted(entry.methods) if entry.route is not None and not _is_versioned(entry) else ():
                known = first.setdefault((method, entry.pattern), entry)
                if known is entry or known.call is entry.call or are_never_both(known, entry):
                    continue
                # The later one is there for an application that leaves the router of the other out.
                if may_be_missing(known, entry):
                    continue
                if entry.call not in told:
                    told.add(entry.call)
                    yield _sighting(known, entry, method)


def _is_versioned(entry: Entry) -> bool:
    """Return whether a decorator says which version of the API a route belongs to: routes are told apart by more."""
    decorators = entry.function.node.decorator_list if entry.function is not None else []
    called = (item.func if isinstance(item, ast.Call) else item for item in decorators)
    return any("version" in last_name(item).lower() for item in called)


def _sighting(known: Entry, entry: Entry, method: str) -> Sighting:
    assert entry.route is not None
    assert known.route is not None
    function, other = entry.route.function, known.route.function
    place = f"{known.route.scope.module.path}:{known.call.lineno}"
    twice = other is function
    return Sighting(
        module=entry.route.scope.module,
        function=function,
        # Of two decorators of one function the lower is applied first; a reader meets it second.
        node=known.call if twice else entry.call,
        severity="info" if twice else "warning",
        message=f"{function.name} is declared twice for {method} {entry.path}"
        if twice
        else f"{method} {entry.path} goes to {other.name} ({place}) already; {function.name} never runs",
        captured={"path": entry.path},
    )

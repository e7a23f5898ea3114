"""A route that an earlier one with a path parameter, or a mount, takes all requests from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.topics.routing import PARAMETER, Entry, Routing, are_never_both, shadows

BROKEN = {
    "main.py": """
from fastapi import APIRouter, FastAPI, WebSocket
from fastapi.staticfiles import StaticFiles

from orders import router as orders

app = FastAPI()
users = APIRouter(prefix="/users")


@users.get("/{user_id}")
def read_user(user_id: int):
    return user_id


@users.get("/me")
def read_me():
    return "me"


@users.get("/{user_id}/latest/{path:path}")
@users.get("/{user_id}/{path:path}")
def read_file(user_id: int, path: str):
    return path


app.include_router(users)
app.include_router(orders, prefix="/orders")


@app.get("/orders/latest")
def latest():
    return "latest"


app.mount("/", StaticFiles(directory="static", html=True))


@app.websocket("/ws")
async def socket(websocket: WebSocket):
    await websocket.accept()
    await websocket.close()
""",
    "orders.py": """
from fastapi import APIRouter

router = APIRouter()


@router.get("/{order_id}")
def read_order(order_id: str):
    return order_id
""",
}
FIXED = {
    "main.py": """
from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

app = FastAPI()
users = APIRouter(prefix="/users")


@users.get("/me")
def read_me():
    return "me"


@users.get("/{user_id}")
def read_user(user_id: int):
    return user_id


@users.get("")
def list_users():
    return []


@users.get("/")
def list_users_too():
    return []


@users.post("/me")
def change_me():
    return "me"


@users.get("/{user_id}/items")
def read_items(user_id: int):
    return user_id


@users.get("/id/{number:int}")
def by_number(number: int):
    return number


@users.get("/id/last")
def last():
    return "last"


@app.get("/files/{owner}/{path:path}")
@app.get("/files/{owner}/latest/{path:path}")
def read_file(owner: str, path: str):
    return path


@app.get("/pages")
@app.get("/pages/")
@app.get("/pages/{path:path}")
def read_page(path: str = ""):
    return path


app.include_router(users)
app.mount("/static", StaticFiles(directory="static"))
match app.version:
    case "1":

        @app.get("/orders/{order_id}")
        def read_order(order_id: str):
            return order_id

    case _:

        @app.get("/orders/last")
        def last_order():
            return "last"


@app.get("/{path:path}")
def everything_else(path: str):
    return path
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the routes that are never reached."""
    told = set()
    for table in Routing(project).tables():
        takers = [entry for entry in table if "{" in entry.path]
        for index, later in enumerate(table):
            if later.route is None or later.call in told:
                continue
            earlier = next((item for item in takers if _takes(item, later, table, index)), None)
            if earlier is not None:
                told.add(later.call)
                yield _sighting(earlier, later, _taken(earlier, table))


def _calls(earlier: Entry, later: Entry, taken: list[Entry]) -> dict[str, ast.AST]:
    """Return the two calls whose order decides, with the last one that the earlier stands before."""

    def call(entry: Entry) -> ast.Call:
        apart = earlier.registration is not entry.registration or earlier.registration is not later.registration
        return entry.registration.call if apart and entry.registration is not None else entry.call

    module = _module(later, call(later))
    last = [item for item in taken if _module(item, call(item)) is module][-1]
    return {"earlier": call(earlier), "later": call(last)}


def _module(entry: Entry, call: ast.Call) -> Module | None:
    if entry.registration is not None and entry.registration.call is call:
        return entry.registration.scope.module
    return entry.route.scope.module if entry.route is not None else None


def _takes(earlier: Entry, later: Entry, table: list[Entry], index: int) -> bool:
    # Two routes with one path are duplicates, which is another mistake.
    if not shadows(earlier, later) or earlier.pattern == later.pattern or table.index(earlier) >= index:
        return False
    if are_never_both(earlier, later):
        return False
    return earlier.function is not later.function or not _is_start_of(later, earlier)


def _is_start_of(later: Entry, earlier: Entry) -> bool:
    """Return whether the earlier route is the later one and an empty rest: the same function gets the same."""
    return PARAMETER.sub("", earlier.segments[-1]) == "" and later.segments in (
        earlier.segments[:-1],
        [*earlier.segments[:-1], ""],
    )


def _taken(earlier: Entry, table: list[Entry]) -> list[Entry]:
    """Return what an entry takes the requests from."""
    return [item for index, item in enumerate(table) if item.route is not None and _takes(earlier, item, table, index)]


def _sighting(earlier: Entry, later: Entry, taken: list[Entry]) -> Sighting:
    assert later.route is not None
    function = later.route.function
    taker = earlier.function.name if earlier.route is not None and earlier.function is not None else "the mount"
    path = earlier.path if earlier.route is not None else earlier.path.removesuffix("{rest:path}")
    return Sighting(
        module=later.route.scope.module,
        function=function,
        node=later.call,
        severity="error",
        message=f"{later.path} never reaches {function.name}: {path} stands before it and goes to {taker}",
        captured={"path": later.path},
        nodes=_calls(earlier, later, taken),
    )

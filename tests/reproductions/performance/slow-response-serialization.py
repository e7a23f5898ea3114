"""Every item of the result passes through Python code on the event loop before the response is sent."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/items", "endpoint": "list_items", "model": "Item"}
WRONG = {
    "a response_class": [
        ('@router.get("/items")', '@router.get("/items", response_class=JSONResponse)'),
        ("import APIRouter\n", "import APIRouter\nfrom fastapi.responses import JSONResponse\n"),
    ],
    "async def": [("def list_items", "async def list_items")],
    "a JSONResponse of what is encoded by hand": [
        ("    return ITEMS\n", "    return JSONResponse(jsonable_encoder(ITEMS))\n"),
        (
            "import APIRouter\n",
            "import APIRouter\nfrom fastapi.encoders import jsonable_encoder\nfrom fastapi.responses import JSONResponse\n",
        ),
    ],
    "dicts instead of models": [("    return ITEMS\n", "    return [item.model_dump() for item in ITEMS]\n")],
}

# --- broken ---
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Item(BaseModel):
    id: int
    name: str
    tags: list[str]


ITEMS = [Item(id=number, name=f"item {number}", tags=["a", "b"]) for number in range(50_000)]


@router.get("/items")
def list_items():
    return ITEMS


# --- application ---
import sys

from fastapi import FastAPI, encoders

app = FastAPI()
app.include_router(router)
calls = 0
encode = encoders.jsonable_encoder


def count(frame, event, argument) -> None:
    global calls
    calls += event == "call"
    if calls == 50_000:
        sys.setprofile(None)  # enough is known, and counting is slow


def count_encoding(*arguments, **options):
    """Counts what is encoded in Python, on the event loop or in a thread."""
    global calls
    calls += 1
    return encode(*arguments, **options)


encoders.jsonable_encoder = count_encoding


class Count:
    """Counts the calls of Python functions on the event loop while it serves the list."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope.get("path") == "/items":
            sys.setprofile(count)
        try:
            await self.app(scope, receive, send)
        finally:
            sys.setprofile(None)


app.add_middleware(Count)


@app.get("/calls")
async def read_calls() -> int:
    return calls


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        items = json.loads(get(server.url("/items"), seconds=60)[2])
        calls = int(get(server.url("/calls"))[2])
    assert len(items) == 50_000
    assert items[7] == {"id": 7, "name": "item 7", "tags": ["a", "b"]}
    assert calls < 50_000, "Python functions have been called for each item"

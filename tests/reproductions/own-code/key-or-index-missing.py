"""An unknown id and a body without the key are the client's mistakes, and answered with 500."""

from troubleshoot.testing import Bench

ATTEMPT = """\
from fastapi import APIRouter, HTTPException

router = APIRouter()
items = {1: "lamp"}


@router.put("/items/{item_id}")
def update_item(item_id: int, change: dict) -> str:
    try:
        old = items[item_id]
        items[item_id] = change["name"]
    except KeyError:
        raise HTTPException(404)
    return old
"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
from fastapi import APIRouter

router = APIRouter()
items = {1: "lamp"}


@router.put("/items/{item_id}")
def update_item(item_id: int, change: dict) -> str:
    old = items[item_id]
    items[item_id] = change["name"]
    return old


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    def put(number: int, body: dict[str, str]) -> int:
        return requests.put(server.url(f"/items/{number}"), json=body, timeout=5).status_code

    with bench.server() as server:
        statuses = [put(1, {"name": "table"}), put(2, {"name": "table"}), put(1, {"title": "table"})]
        if 500 in statuses:
            assert server.wait_for_log("KeyError: 2")
            assert server.wait_for_log("KeyError: 'name'")
    assert statuses == [200, 404, 422]

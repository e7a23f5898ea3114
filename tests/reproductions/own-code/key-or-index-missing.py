"""An unknown id and a body without the key are the client's mistakes, and answered with 500."""

from troubleshoot.testing import Bench

BODY = '    old = items[item_id]\n    items[item_id] = change["name"]\n    return old\n'
WRONG = {
    "except KeyError": [
        (
            BODY,
            '    try:\n        old = items[item_id]\n        items[item_id] = change["name"]\n'
            "    except KeyError:\n        raise HTTPException(404)\n    return old\n",
        ),
        ("from fastapi import APIRouter\n", "from fastapi import APIRouter, HTTPException\n"),
    ],
    "get() with a default": [
        (
            BODY,
            BODY.replace("items[item_id]\n", 'items.get(item_id, "")\n', 1).replace(
                'change["name"]', 'change.get("name", "")'
            ),
        ),
    ],
}

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
        return requests.put(server.url(f"/items/{number}"), json=body, timeout=30).status_code

    with bench.server() as server:
        statuses = [put(1, {"name": "table"}), put(2, {"name": "table"}), put(1, {"title": "table"})]
        if 500 in statuses:
            assert server.wait_for_log("KeyError: 2")
            assert server.wait_for_log("KeyError: 'name'")
    assert statuses == [200, 404, 422]

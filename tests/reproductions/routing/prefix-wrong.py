"""The router has the prefix already, include_router adds it again, and the client's address is not found."""

from troubleshoot.testing import Bench

WRONG = {
    "the router included once more": [
        (
            'app.include_router(router, prefix="/api")',
            'app.include_router(router, prefix="/api")\napp.include_router(router)',
        )
    ],
    "the prefix in the decorators": [('@router.get("")', '@router.get("/api/items")')],
}

# --- broken ---
from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/api/items")


@router.get("")
async def read_all() -> list[int]:
    return [1, 2]


@router.get("/{item_id}")
async def read_one(item_id: int) -> int:
    return item_id


app = FastAPI()
app.include_router(router, prefix="/api")


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(bench.load().app)
    assert client.get("/api/items").status_code == 200
    assert client.get("/api/items/1").json() == 1
    assert set(client.get("/openapi.json").json()["paths"]) == {"/api/items", "/api/items/{item_id}"}

"""A list and a search share one path and method; the search never runs, although /docs shows it."""

from troubleshoot.testing import Bench

WRONG = {
    "the order exchanged": [
        (
            "async def read_items() -> list[str]:\n    return ITEMS",
            "async def find_items(q: str) -> list[str]:\n    return [item for item in ITEMS if q in item]",
        ),
        (
            "async def search_items(q: str) -> list[str]:\n    return [item for item in ITEMS if q in item]",
            "async def read_items() -> list[str]:\n    return ITEMS",
        ),
    ],
    "the first one hidden from the docs": [
        (
            '@router.get("/items")\nasync def read_items',
            '@router.get("/items", include_in_schema=False)\nasync def read_items',
        )
    ],
    "operation ids of their own": [
        (
            '@router.get("/items")\nasync def search_items',
            '@router.get("/items", operation_id="search")\nasync def search_items',
        )
    ],
}

# --- broken ---
from fastapi import APIRouter

router = APIRouter()
ITEMS = ["lamp", "table", "chair"]


@router.get("/items")
async def read_items() -> list[str]:
    return ITEMS


@router.get("/items")
async def search_items(q: str) -> list[str]:
    return [item for item in ITEMS if q in item]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(bench.load().app)
    documented = client.get("/openapi.json").json()["paths"]["/items"]["get"].get("parameters", [])
    assert [parameter["name"] for parameter in documented] == ["q"]
    assert client.get("/items", params={"q": "lamp"}).json() == ["lamp"]
    assert client.get("/items").json() == ["lamp", "table", "chair"]

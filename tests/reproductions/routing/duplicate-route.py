"""A list and a search share one path and method; the search never runs, although /docs shows it."""

from troubleshoot.testing import Bench

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
    documented = client.get("/openapi.json").json()["paths"]["/items"]["get"]["parameters"]
    assert [parameter["name"] for parameter in documented] == ["q"]
    assert client.get("/items", params={"q": "lamp"}).json() == ["lamp"]
    assert client.get("/items").json() == ["lamp", "table", "chair"]

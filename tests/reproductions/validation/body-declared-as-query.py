"""The client sends JSON and a list of ids in the URL; the endpoint looks for each in the other place."""

from troubleshoot.testing import Bench

# --- broken ---
from fastapi import APIRouter

router = APIRouter()


@router.post("/items")
async def create(name: str, price: float) -> dict[str, str | float]:
    return {"name": name, "price": price}


@router.get("/items")
async def read_some(ids: list[int]) -> list[int]:
    return ids


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(bench.load().app)
    created = client.post("/items", json={"name": "lamp", "price": 9.5})
    assert "Field required" not in created.text
    assert created.json() == {"name": "lamp", "price": 9.5}
    assert client.get("/items?ids=1&ids=2").json() == [1, 2]

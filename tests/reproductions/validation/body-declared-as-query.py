"""The client sends JSON and a list of ids in the URL; the endpoint looks for each in the other place."""

from troubleshoot.testing import Bench

WRONG = {
    "defaults": [
        ("name: str, price: float)", 'name: str = "", price: float = 0)'),
        ("ids: list[int])", "ids: list[int] = [])"),
    ],
    "Body() for everything": [
        ("name: str, price: float)", "name: Annotated[str, Body()], price: Annotated[float, Body()])"),
        ("ids: list[int])", "ids: Annotated[list[int], Body()])"),
        ("from fastapi import APIRouter", "from typing import Annotated\n\nfrom fastapi import APIRouter, Body"),
    ],
    "a dict for the body": [
        ("(name: str, price: float)", "(body: dict)"),
        ('"name": name, "price": price', '"name": body["name"], "price": body["price"]'),
        ("(ids: list[int])", "(ids: Annotated[list[int], Query()])"),
        ("from fastapi import APIRouter", "from typing import Annotated\n\nfrom fastapi import APIRouter, Query"),
    ],
}

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

    client = TestClient(bench.load().app, raise_server_exceptions=False)
    created = client.post("/items", json={"name": "lamp", "price": 9.5})
    assert "Field required" not in created.text
    assert created.json() == {"name": "lamp", "price": 9.5}
    assert client.post("/items", json={"name": "lamp"}).status_code == 422
    assert client.get("/items?ids=1&ids=2").json() == [1, 2]

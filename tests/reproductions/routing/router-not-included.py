"""The router is declared and never included, so its path is answered with 404 and missing in the docs."""

from troubleshoot.testing import Bench

# --- broken ---
from fastapi import APIRouter, FastAPI

items_router = APIRouter(prefix="/items")


@items_router.get("")
async def read_all() -> list[int]:
    return [1, 2]


def create_app() -> FastAPI:
    app = FastAPI()
    return app


app = create_app()


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(bench.load().app)
    assert client.get("/items").status_code == 200
    assert list(client.get("/openapi.json").json()["paths"]) == ["/items"]

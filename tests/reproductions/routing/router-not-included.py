"""The router is declared and never included, so its path is answered with 404 and missing in the docs."""

from troubleshoot.testing import Bench

WRONG = {
    "a parent router that is not included": [
        (
            "    app = FastAPI()\n",
            "    app = FastAPI()\n    parent = APIRouter()\n    parent.include_router(items_router)\n",
        )
    ],
    "included in another application": [
        ("app = create_app()", "app = create_app()\nFastAPI().include_router(items_router)")
    ],
    "mounted": [("    app = FastAPI()\n", '    app = FastAPI()\n    app.mount("/items", items_router)\n')],
}

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
    answer = client.get("/items")
    assert (answer.status_code, answer.json()) == (200, [1, 2])
    assert list(client.get("/openapi.json").json()["paths"]) == ["/items"]

"""The parameters declare their source in Annotated and in the default, so the module cannot be imported."""

from troubleshoot.testing import Bench

ONCE = [
    ("connection: ConnectionDep = Depends(get_connection)", "connection: ConnectionDep"),
    ('x_tenant: Annotated[str, Header()] = Header("public")', 'x_tenant: Annotated[str, Header()] = "public"'),
]
WRONG = {
    "the default inside Annotated alone": [*ONCE, ("Query(2, ge=1, le=100)] = 2", "Query(2, ge=1, le=100)]")],
    "the plain default alone": [*ONCE, ("limit: Annotated[int, Query(2, ge=1, le=100)] = 2", "limit: int = 2")],
    "an alias that holds Depends, overlooked": [*ONCE[1:], ("Query(2, ge=1, le=100)] = 2", "Query(ge=1, le=100)] = 2")],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

router = APIRouter()


class Connection:
    items = ("lamp", "desk", "chair")


def get_connection() -> Iterator[Connection]:
    yield Connection()


ConnectionDep = Annotated[Connection, Depends(get_connection)]


@router.get("/items")
def read_items(
    connection: ConnectionDep = Depends(get_connection),
    limit: Annotated[int, Query(2, ge=1, le=100)] = 2,
    x_tenant: Annotated[str, Header()] = Header("public"),
) -> list[str]:
    return [f"{x_tenant} {item}" for item in connection.items[:limit]]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    started = bench.run("-c", "import main", seconds=60)
    assert started.returncode == 0, started.stderr.splitlines()[-1]
    client = TestClient(bench.load().app)
    assert client.get("/items").json() == ["public lamp", "public desk"]
    assert client.get("/items?limit=1", headers={"X-Tenant": "ann"}).json() == ["ann lamp"]
    assert client.get("/items?limit=0").status_code == 422

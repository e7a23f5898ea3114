"""An empty column and a missing record do not fit the response model: both end in 500."""

from troubleshoot.testing import Bench, get

WRONG = {
    "response_model=None": [
        ("response_model=ItemOut", "response_model=None"),
        ("response_model=list[ItemOut]", "response_model=None"),
    ],
    "a default for the field": [("description: str\n", 'description: str = ""\n')],
    "a model that may be None": [
        ("response_model=ItemOut", "response_model=ItemOut | None"),
        ("description: str\n", "description: str | None = None\n"),
    ],
}

# --- broken ---
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()
ROWS = {
    1: {"name": "lamp", "description": "a lamp"},
    2: {"name": "table", "description": None},
}


class ItemOut(BaseModel):
    name: str
    description: str


@router.get("/items/{item_id}", response_model=ItemOut)
async def read_one(item_id: int):
    return ROWS.get(item_id)


@router.get("/items", response_model=list[ItemOut])
async def read_all():
    return list(ROWS.values())


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        responses = [get(server.url(path)) for path in ("/items/1", "/items/2", "/items/3", "/items")]
        schemas = json.loads(get(server.url("/openapi.json"))[2])["components"]["schemas"]
    assert "ResponseValidationError" not in server.log
    assert [status for status, _, _ in responses] == [200, 200, 404, 200]
    lamp, table = {"name": "lamp", "description": "a lamp"}, {"name": "table", "description": None}
    assert [json.loads(responses[n][2]) for n in (0, 1, 3)] == [lamp, table, [lamp, table]]
    assert "ItemOut" in schemas, "clients still see what they get"

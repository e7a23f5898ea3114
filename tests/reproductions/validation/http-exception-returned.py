"""A missing item is answered with 200, because the exception is returned."""

from troubleshoot.testing import Bench, get

WRONG = {
    "data and a status, as in Flask": [
        ('return HTTPException(404, "Item not found")', 'return {"detail": "Item not found"}, 404'),
    ],
    "status_code in the decorator": [('"/items/{item_id}")', '"/items/{item_id}", status_code=404)')],
    "response_model=None": [('"/items/{item_id}")', '"/items/{item_id}", response_model=None)')],
}

# --- broken ---
from fastapi import APIRouter, HTTPException

router = APIRouter()
NAMES = {1: "lamp"}


@router.get("/items/{item_id}")
async def read_item(item_id: int):
    if item_id not in NAMES:
        return HTTPException(404, "Item not found")
    return {"name": NAMES[item_id]}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/items/1"))[0] == 200
        status, _, body = get(server.url("/items/2"))
    assert (status, body) == (404, '{"detail":"Item not found"}')

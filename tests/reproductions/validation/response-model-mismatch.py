"""An empty column and a missing record do not fit the response model: both end in 500."""

from troubleshoot.testing import Bench, get

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
    with bench.server() as server:
        statuses = [get(server.url(path))[0] for path in ("/items/1", "/items/2", "/items/3", "/items")]
    assert "ResponseValidationError" not in server.log
    assert statuses == [200, 200, 404, 200]

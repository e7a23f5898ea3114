"""Encoding the answer takes far longer than the same data needs in json.dumps."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/items", "endpoint": "list_items", "model": "Item"}

# --- broken ---
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Item(BaseModel):
    id: int
    name: str
    tags: list[str]


ITEMS = [Item(id=number, name=f"item {number}", tags=["a", "b"]) for number in range(50_000)]


@router.get("/items")
def list_items():
    return ITEMS


# --- application ---
from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()
ROWS = [item.model_dump() for item in ITEMS]
app.include_router(router)


@app.get("/baseline")
def dump_by_hand() -> JSONResponse:
    return JSONResponse(ROWS)


# --- check ---
def check(bench: Bench) -> None:
    import json
    import time

    def shortest(url: str) -> float:
        times = []
        for _ in range(3):
            started = time.monotonic()
            body = get(url, seconds=60)[2]
            times.append(time.monotonic() - started)
            assert len(json.loads(body)) == 50_000
        return min(times)

    with bench.server() as server:
        baseline = shortest(server.url("/baseline"))
        measured = shortest(server.url("/items"))
    assert measured < 2.5 * baseline, f"{measured:.2f} s where plain code needs {baseline:.2f} s"

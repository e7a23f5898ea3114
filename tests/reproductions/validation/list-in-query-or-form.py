"""Lists with commas and a blank number are refused, in the query string and in a form."""

from troubleshoot.testing import Bench

WRONG = {
    "texts instead of numbers": [
        ("ids: Annotated[list[int], Query()]", "ids: Annotated[list[str], Query()]"),
        ("ids: Annotated[list[int], Form()]", "ids: Annotated[list[str], Form()]"),
        ("page: int | None", "page: str | None"),
    ],
    "one text, split by hand": [
        ("ids: Annotated[list[int], Query()] = []", 'ids: str = ""'),
        ("ids: Annotated[list[int], Form()]", "ids: Annotated[str, Form()]"),
        ('"ids": ids', '"ids": [int(part) for part in ids.split(",") if part]'),
        ("    return ids\n", '    return [int(part) for part in ids.split(",")]\n'),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Form, Query

router = APIRouter()


@router.get("/items")
async def find(ids: Annotated[list[int], Query()] = [], page: int | None = None):
    return {"ids": ids, "page": page}


@router.post("/items")
async def choose(ids: Annotated[list[int], Form()]):
    return ids


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        repeated = requests.get(server.url("/items?ids=1&ids=2&page=3"), timeout=30)
        with_comma = requests.get(server.url("/items?ids=1,2"), timeout=30)
        blank = requests.get(server.url("/items?page="), timeout=30)
        form = requests.post(server.url("/items"), data={"ids": "1,2"}, timeout=30)
        wrong = requests.get(server.url("/items?ids=1,x"), timeout=30)
    assert repeated.json() == {"ids": [1, 2], "page": 3}
    assert with_comma.json() == {"ids": [1, 2], "page": None}
    assert blank.json() == {"ids": [], "page": None}
    assert form.json() == [1, 2]
    assert wrong.status_code == 422

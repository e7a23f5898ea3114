"""Every request that ends in 404 keeps its connection, until the pool is empty and all requests wait."""

from troubleshoot.testing import Bench, eventually, get

WRONG = {
    "a bigger pool": [("range(2)", "range(4)")],
    "a time limit for the wait": [("await pool.get()", "await asyncio.wait_for(pool.get(), 1)")],
    "an except that swallows": [
        ("    yield connection\n", "    try:\n        yield connection\n    except HTTPException:\n        pass\n"),
    ],
    "giving it back in the endpoint": [
        ("        raise HTTPException(404", "        pool.put_nowait(connection)\n        raise HTTPException(404"),
    ],
}

# --- broken ---
import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

router = APIRouter()


class Connection:
    items = {1: "lamp"}


pool: asyncio.Queue[Connection] = asyncio.Queue()
for _ in range(2):
    pool.put_nowait(Connection())


async def get_connection() -> AsyncIterator[Connection]:
    connection = await pool.get()
    yield connection
    pool.put_nowait(connection)


@router.get("/items/{item_id}")
async def read_item(item_id: int, connection: Annotated[Connection, Depends(get_connection)]) -> str:
    if item_id not in connection.items:
        raise HTTPException(404, "There is no such item.")
    return connection.items[item_id]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/bug")
async def bug(connection: Annotated[Connection, Depends(get_connection)]) -> float:
    return 1 / 0


@app.get("/free")
async def free() -> int:
    return pool.qsize()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:

        def free() -> str:
            return get(server.url("/free"))[2]

        before = free()
        assert get(server.url("/items/1"))[::2] == (200, '"lamp"')
        assert eventually(lambda: free() == before)
        for path, status in {"/items/7": 404, "/bug": 500}.items():
            assert get(server.url(path))[0] == status
            assert free() == before, f"the request for {path} has kept its connection"

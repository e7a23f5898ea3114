"""Every request that ends in 404 keeps its connection, until the pool is empty and all requests wait."""

from troubleshoot.testing import Bench, get

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


@app.get("/free")
async def free() -> int:
    return pool.qsize()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/items/1"))[0] == 200
        assert get(server.url("/free"))[2] == "2"
        for _ in range(2):
            assert get(server.url("/items/7"), seconds=3)[0] == 404
        assert get(server.url("/free"))[2] == "2", "failed requests have kept their connections"
        assert get(server.url("/items/1"))[0] == 200

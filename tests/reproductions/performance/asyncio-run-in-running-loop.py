"""An async endpoint that calls asyncio.run() ends in a RuntimeError, because its thread already runs a loop."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/users", "endpoint": "read_users"}

# --- broken ---
import asyncio

from fastapi import APIRouter

router = APIRouter()


async def load_users() -> list[str]:
    await asyncio.sleep(0)
    return ["ada", "grace"]


@router.get("/users")
async def read_users() -> list[str]:
    return asyncio.run(load_users())


@router.get("/users/count")
def read_users_count() -> int:
    return len(asyncio.run(load_users()))


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/users/count"))[2] == "2"
        status, _, body = get(server.url("/users"))
        assert "cannot be called from a running event loop" not in server.log, server.log
    assert (status, body) == (200, '["ada","grace"]')

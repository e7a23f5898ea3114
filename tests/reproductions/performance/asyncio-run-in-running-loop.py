"""An async endpoint that calls asyncio.run() ends in a RuntimeError, because its thread already runs a loop."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/users", "endpoint": "read_users"}
RETURNED = "    return asyncio.run(load_users())\n"
WRONG = {
    "a new event loop": [(RETURNED, "    return asyncio.new_event_loop().run_until_complete(load_users())\n")],
    "a thread that is waited for": [
        (RETURNED, "    return ThreadPoolExecutor().submit(asyncio.run, load_users()).result()\n"),
        ("import asyncio\n", "import asyncio\nfrom concurrent.futures import ThreadPoolExecutor\n"),
    ],
    "a second loop in a thread": [(RETURNED, "    return await asyncio.to_thread(asyncio.run, load_users())\n")],
}

# --- broken ---
import asyncio

from anyio import from_thread
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
    return len(from_thread.run(load_users))


# --- application ---
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

loops: list[asyncio.AbstractEventLoop] = []
sleep = asyncio.sleep


async def ask_service(seconds: float) -> None:
    """Stands for a client that belongs to the application's event loop."""
    if loops and asyncio.get_running_loop() is not loops[0]:
        raise RuntimeError("the client is attached to a different loop")
    await sleep(seconds)


asyncio.sleep = ask_service


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    loops.append(asyncio.get_running_loop())
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/users/count"))[2] == "2"
        status, _, body = get(server.url("/users"))
        assert "cannot be called from a running event loop" not in server.log, server.log
    assert (status, body) == (200, '["ada","grace"]')

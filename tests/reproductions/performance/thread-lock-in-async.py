"""Two requests that meet at a threading lock held across an await stop the whole server for ever."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/token", "endpoint": "read_token"}

# --- broken ---
import asyncio
import threading

from fastapi import APIRouter

router = APIRouter()
lock = threading.Lock()
token = ""


async def fetch_token() -> str:
    await asyncio.sleep(0.5)
    return "secret"


@router.get("/token")
async def read_token() -> str:
    global token
    with lock:
        if not token:
            token = await fetch_token()
        return token


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/health")
async def read_health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:
        assert get(server.url("/health"))[2] == '"ok"'
        requests = [clients.submit(get, server.url("/token"), seconds=4) for _ in range(3)]
        try:
            answers = [request.result()[2] for request in requests]
            assert get(server.url("/health"), seconds=4)[2] == '"ok"'
        except OSError as error:
            raise AssertionError("the server does not answer any more") from error
    assert answers == ['"secret"'] * 3

"""Two requests that meet at a threading lock held across an await stop the whole server for ever."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/token", "endpoint": "read_token"}
LOCKED = """    with lock:
        if not token:
            token = await fetch_token()
        return token
"""
TIMED = """    held = lock.acquire(timeout=1)
    try:
        if not token:
            token = await fetch_token()
        return token
    finally:
        if held:
            lock.release()
"""
WRONG = {
    "threading.RLock": [("threading.Lock()", "threading.RLock()")],
    "a time-out for the lock": [(LOCKED, TIMED)],
    "no lock": [(LOCKED, LOCKED.replace("with lock", "if True"))],
}

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


sleep = asyncio.sleep
fetched: list[float] = []


async def counted(seconds: float) -> None:
    if seconds == 0.5:
        fetched.append(seconds)
    await sleep(seconds)


asyncio.sleep = counted


@app.get("/fetched")
async def read_fetched() -> int:
    return len(fetched)


# --- check ---
def check(bench: Bench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:
        assert get(server.url("/fetched"))[2] == "0"
        requests = [clients.submit(get, server.url("/token"), seconds=5) for _ in range(3)]
        try:
            answers = [request.result()[2] for request in requests]
            assert get(server.url("/fetched"), seconds=5)[2] == "1", "the token was fetched by several at once"
        except OSError as error:
            raise AssertionError("the server does not answer any more") from error
    assert answers == ['"secret"'] * 3

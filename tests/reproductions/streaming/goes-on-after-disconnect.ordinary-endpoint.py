"""An ordinary endpoint works to its end for a client that has left; a middleware stands around it."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/answer", "endpoint": "answer"}
CALL = "async def answer() -> str:\n    return await produce()\n"
REQUEST = ("import APIRouter\n", "import APIRouter, Request\n")
POLLED = """async def answer(request: Request) -> str:
    task = asyncio.create_task(produce())
    while not task.done():
        if await request.is_disconnected():
            task.cancel()
            return ""
        await asyncio.wait({task}, timeout=0.1)
    return await task
"""
RECEIVED = """async def answer(request: Request) -> str:
    task = asyncio.create_task(produce())

    async def watch():
        while (await request.receive())["type"] != "http.disconnect":
            pass
        task.cancel()

    watching = asyncio.create_task(watch())
    try:
        return await task
    finally:
        watching.cancel()
"""
WRONG = {
    "asking is_disconnected() now and then": [(CALL, POLLED), REQUEST],
    "the CancelledError of the work let out": [(CALL, RECEIVED), REQUEST],
}

# --- broken ---
import asyncio

from fastapi import APIRouter

router = APIRouter()


async def produce() -> str:
    await asyncio.sleep(60)
    return "done"


@router.get("/answer")
async def answer() -> str:
    return await produce()


# --- application ---
from fastapi import FastAPI, Request

app = FastAPI()
app.include_router(router)
sleep = asyncio.sleep
working: set[asyncio.Task | None] = set()
ready = asyncio.Event()


async def watched(seconds: float) -> None:
    """Stand for the work, which ends when the check says so."""
    if seconds != 60:
        await sleep(seconds)
        return
    task = asyncio.current_task()
    working.add(task)
    try:
        await ready.wait()
    finally:
        working.discard(task)


asyncio.sleep = watched


@app.middleware("http")
async def pass_on(request: Request, call_next):
    return await call_next(request)


@app.get("/working")
async def count_work() -> int:
    return len(working)


@app.post("/ready")
async def end_work() -> None:
    ready.set()


# --- check ---
def check(bench: Bench) -> None:
    import socket
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:

        def at_work() -> int:
            return int(get(server.url("/working"))[2])

        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"GET /answer HTTP/1.1\r\nHost: test\r\n\r\n")
            assert eventually(lambda: at_work() == 1)
        left = eventually(lambda: at_work() == 0, 3.0)
        staying = clients.submit(get, server.url("/answer"), seconds=20)
        assert eventually(lambda: at_work() == (1 if left else 2))
        get(server.url("/ready"), method="POST")
        status, _, body = staying.result()
        assert (status, body) == (200, '"done"')
        assert left, "the work goes on without a client"
        assert "Exception in ASGI application" not in server.log, "a client that leaves is no error"

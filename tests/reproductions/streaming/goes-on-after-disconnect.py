"""The task that produces the pieces goes on when the client has gone."""

from troubleshoot.testing import Bench, eventually, get

ATTEMPT = """
import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

router = APIRouter()


async def produce(queue):
    for number in range(60):
        await queue.put(f"{number}\\n")
        await asyncio.sleep(1)
    await queue.put(None)


async def pieces(request):
    queue = asyncio.Queue()
    task = asyncio.create_task(produce(queue))
    while (piece := await queue.get()) is not None:
        if await request.is_disconnected():
            break
        yield piece


@router.get("/answer")
async def stream_answer(request: Request) -> StreamingResponse:
    return StreamingResponse(pieces(request), media_type="text/plain")
"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
import asyncio

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


async def produce(queue):
    for number in range(60):
        await queue.put(f"{number}\n")
        await asyncio.sleep(1)
    await queue.put(None)


async def pieces():
    queue = asyncio.Queue()
    producer = asyncio.create_task(produce(queue))
    while (piece := await queue.get()) is not None:
        yield piece


@router.get("/answer")
async def stream_answer() -> StreamingResponse:
    return StreamingResponse(pieces(), media_type="text/plain")


# --- application ---
import asyncio

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/producers")
async def count_producers() -> int:
    return sum(task.get_coro().__qualname__ == "produce" for task in asyncio.all_tasks())


# --- check ---
def check(bench: Bench) -> None:
    import socket

    with bench.server() as server:

        def producers() -> str:
            return get(server.url("/producers"))[2]

        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"GET /answer HTTP/1.1\r\nHost: test\r\n\r\n")
            assert eventually(lambda: producers() == "1")
        assert eventually(lambda: producers() == "0", 2.5), "the producer goes on without a client"

"""The task that produces the pieces goes on when the client has gone."""

from troubleshoot.testing import Bench, eventually, get

LOOP = "    while (piece := await queue.get()) is not None:\n        yield piece\n"
WRONG = {
    "asking is_disconnected() in the generator": [
        (
            LOOP,
            LOOP.replace(
                "        yield", "        if await request.is_disconnected():\n            break\n        yield"
            ),
        ),
        ("async def pieces()", "async def pieces(request)"),
        ("(pieces(), media", "(pieces(request), media"),
        ("async def stream_answer()", "async def stream_answer(request: Request)"),
        ("import APIRouter\n", "import APIRouter, Request\n"),
    ],
    "a queue of one piece": [("asyncio.Queue()", "asyncio.Queue(maxsize=1)")],
}

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
        assert eventually(lambda: producers() == "0"), "the producer goes on without a client"
        assert not server.wait_for_log("Exception in ASGI application", 0.5), "a client that leaves is no error"

"""The lifespan waits for a loop without an end, so it never comes to its yield and the server never listens."""

import signal

from troubleshoot.testing import Bench, eventually, get

WRONG = {
    "first the yield, then the loop": [("    await consume()\n    yield\n", "    yield\n    await consume()\n")],
    "a time limit": [
        (
            "    await consume()\n    yield\n",
            """\
    try:
        await asyncio.wait_for(consume(), 0.5)
    except asyncio.TimeoutError:
        pass
    yield
""",
        )
    ],
    "a coroutine that nobody starts": [
        ("    await consume()\n    yield\n", "    work = consume()\n    yield\n    work.close()\n")
    ],
    "a thread": [
        (
            "    await consume()\n    yield\n",
            "    asyncio.get_running_loop().run_in_executor(None, asyncio.run, consume())\n    yield\n",
        )
    ],
}

# --- broken ---
import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI


messages: asyncio.Queue[str] = asyncio.Queue()


async def consume() -> None:
    while True:
        print(await messages.get())


@asynccontextmanager
async def lifespan(app: FastAPI):
    await consume()
    yield


app = FastAPI(lifespan=lifespan)


# --- application ---
@app.get("/send")
async def send() -> None:
    await messages.put("hello")


@app.get("/waiting")
async def waiting() -> int:
    return messages.qsize()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server(wait=False) as server:
        assert server.wait_for_log("Waiting for application startup.", 20)
        assert eventually(lambda: "Application startup complete." in server.log, 4)
        assert server.wait_for_log("Uvicorn running", 20)
        assert get(server.url("/send"))[0] == 200
        assert eventually(lambda: get(server.url("/waiting"))[2] == "0")
        server.process.send_signal(signal.SIGINT)
        assert server.wait_for_log("Application shutdown complete.", 4)
        assert eventually(lambda: server.process.poll() is not None, 4)

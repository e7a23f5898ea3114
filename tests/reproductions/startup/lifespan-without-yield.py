"""The lifespan waits for a loop without an end, so it never comes to its yield and the server never listens."""

from troubleshoot.testing import Bench, eventually

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
@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server(wait=False) as server:
        assert server.wait_for_log("Waiting for application startup.", 20)
        assert eventually(lambda: "Application startup complete." in server.log, 3)

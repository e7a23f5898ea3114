"""The cache is down, although the application could do without it, and the server does not start."""

from troubleshoot.testing import Bench, eventually, free_port, get

# --- broken ---
import asyncio
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI


async def connect_cache() -> asyncio.StreamWriter:
    host, _, port = os.environ["CACHE"].partition(":")
    return (await asyncio.open_connection(host, int(port)))[1]


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.cache = await connect_cache()
    yield
    app.state.cache.close()


app = FastAPI(lifespan=lifespan)


# --- application ---
@app.get("/health")
async def health() -> bool:
    return app.state.cache is not None


# --- check ---
def check(bench: Bench) -> None:
    nobody = {"CACHE": f"127.0.0.1:{free_port()}", "DATABASE_URL": "sqlite:///app.db"}
    with bench.server(env=nobody, wait=False) as server:
        assert eventually(lambda: "startup complete" in server.log or "startup failed" in server.log, 20)
        assert "Application startup failed" not in server.log
        assert eventually(lambda: "Uvicorn running" in server.log)
        assert get(server.url("/health"))[2] == "false"

"""The cache is down, although the application could do without it, and the server does not start."""

import socket

from troubleshoot.testing import Bench, eventually, free_port, get

WRONG = {
    "a few more tries": [
        (
            "    app.state.cache = await connect_cache()\n",
            """\
    for attempt in range(3):
        try:
            app.state.cache = await connect_cache()
            break
        except OSError:
            if attempt == 2:
                raise
""",
        )
    ],
    "a broad except around the whole start": [
        (
            "    app.state.cache = await connect_cache()\n    yield\n    app.state.cache.close()\n",
            """\
    app.state.cache = None
    try:
        app.state.database = os.environ["DATABASE_URL"]
        app.state.cache = await connect_cache()
    except Exception as error:
        print("going on", error)
    yield
""",
        )
    ],
    "passed over without a word": [
        (
            "    app.state.cache = await connect_cache()\n    yield\n    app.state.cache.close()\n",
            """\
    if not os.environ["DATABASE_URL"]:
        raise RuntimeError("set these environment variables: DATABASE_URL")
    try:
        app.state.cache = await connect_cache()
    except OSError:
        app.state.cache = None
    yield
""",
        )
    ],
    "the optional service left out": [
        (
            "    app.state.cache = await connect_cache()\n    yield\n    app.state.cache.close()\n",
            "    app.state.cache = None\n    yield\n",
        )
    ],
}

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
        assert "cache" in server.log, "the log does not say what is missing"
    with socket.create_server(("127.0.0.1", 0)) as cache:
        somebody = nobody | {"CACHE": f"127.0.0.1:{cache.getsockname()[1]}"}
        with bench.server(env=somebody) as server:
            assert get(server.url("/health"))[2] == "true"
        with bench.server(env=somebody | {"DATABASE_URL": ""}, wait=False) as server:
            assert eventually(lambda: server.process.poll() is not None or "startup complete" in server.log, 20)
            assert server.process.poll() == 3
            assert "set these environment variables: DATABASE_URL" in server.log

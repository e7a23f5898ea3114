"""The application starts first, PostgreSQL two seconds later."""

import time

from troubleshoot.testing import Bench, eventually, free_port, get, postgresql

PARAMETERS = {"seconds": "40"}

# --- broken ---
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"])


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


# --- application ---
@app.get("/one")
async def one() -> int:
    async with engine.connect() as connection:
        return (await connection.execute(text("SELECT 1"))).scalar_one()


# --- check ---
def check(bench: Bench) -> None:
    port = free_port()
    environment = {"DATABASE_URL": f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"}
    with bench.server(env=environment, wait=False) as server:
        assert server.wait_for_log("Waiting for application startup", 20)
        time.sleep(2)
        with postgresql(bench.folder, port=port):
            started = eventually(lambda: "startup complete" in server.log or "startup failed" in server.log, 20)
            assert started
            assert "Application startup failed" not in server.log
            assert get(server.url("/one"))[2] == "1"

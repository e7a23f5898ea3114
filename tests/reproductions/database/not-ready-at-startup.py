"""The application starts first; PostgreSQL comes when it has been looked for in vain."""

from troubleshoot.testing import Bench, eventually, free_port, get, postgresql

PARAMETERS = {"seconds": "40"}
CONNECT = """    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
"""
WRONG = {
    "a fixed pause": [
        (CONNECT, "    await asyncio.sleep(1)\n" + CONNECT),
        ("import os\n", "import asyncio\nimport os\n"),
    ],
    "pool_pre_ping": [('os.environ["DATABASE_URL"])', 'os.environ["DATABASE_URL"], pool_pre_ping=True)')],
    "the error caught": [
        (
            CONNECT,
            "    try:\n"
            + CONNECT.replace("    ", "        ", 1).replace("\n    ", "\n        ")
            + "    except Exception as error:\n        print(error)\n",
        )
    ],
}

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
        tried = ("not ready", "startup failed", "startup complete")
        assert eventually(lambda: any(text in server.log for text in tried), 40)
        assert "startup failed" not in server.log
        assert "startup complete" not in server.log, "it takes requests without a database"
        with postgresql(bench.folder, port=port):
            assert server.wait_for_log("startup complete", 40), server.log
            assert get(server.url("/one"))[2] == "1"

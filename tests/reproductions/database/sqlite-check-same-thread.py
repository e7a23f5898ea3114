"""A connection made at import is used by an endpoint that runs in a thread of the pool."""

from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, get

# --- broken ---
import sqlite3
from typing import Annotated

from fastapi import Depends

connection = sqlite3.connect("app.db")


def get_connection() -> sqlite3.Connection:
    return connection


ConnectionDependency = Annotated[sqlite3.Connection, Depends(get_connection)]


# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.get("/sync")
def in_a_thread(connection: ConnectionDependency) -> int:
    return connection.execute("SELECT 1").fetchone()[0]


@app.get("/async")
async def on_the_loop(connection: ConnectionDependency) -> int:
    return connection.execute("SELECT 1").fetchone()[0]


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server, ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda path: get(server.url(path))[0], ["/sync", "/async"] * 10))
    assert "can only be used in that same thread" not in server.log
    assert answers == [200] * 20

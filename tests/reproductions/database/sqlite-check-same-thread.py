"""A connection made at import is used by an endpoint that runs in a thread of the pool."""

from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, get

CONNECT = 'connection = sqlite3.connect("app.db")\n'
WRONG = {
    "check_same_thread=False for the one connection": [
        (CONNECT, 'connection = sqlite3.connect("app.db", check_same_thread=False)\n')
    ],
    "a connection for each thread": [
        (CONNECT, "local = threading.local()\n"),
        (
            "    return connection\n",
            """    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect("app.db")
    return local.connection
""",
        ),
        ("import sqlite3\n", "import sqlite3\nimport threading\n"),
    ],
}

# --- broken ---
import sqlite3
from typing import Annotated

from fastapi import Depends

connection = sqlite3.connect("app.db")


def get_connection() -> sqlite3.Connection:
    return connection


ConnectionDependency = Annotated[sqlite3.Connection, Depends(get_connection)]


# --- application ---
import threading

from fastapi import FastAPI

app = FastAPI()
go_on = threading.Event()


@app.get("/sync")
def in_a_thread(connection: ConnectionDependency) -> int:
    return connection.execute("SELECT count(*) FROM items").fetchone()[0]


@app.get("/async")
async def on_the_loop(connection: ConnectionDependency) -> int:
    return connection.execute("SELECT count(*) FROM items").fetchone()[0]


@app.post("/given-up")
def give_up(connection: ConnectionDependency) -> None:
    connection.execute("INSERT INTO items VALUES (1)")
    print("inserted", flush=True)
    go_on.wait(30)
    connection.rollback()


@app.post("/go-on")
def let_it_go_on() -> None:
    go_on.set()


# --- check ---
def check(bench: Bench) -> None:
    import sqlite3

    with sqlite3.connect(bench.folder / "app.db") as connection:
        connection.execute("CREATE TABLE items (id INTEGER)")
    connection.close()
    with bench.server() as server, ThreadPoolExecutor(8) as clients:

        def ask(path: str, method: str = "GET") -> tuple[int, str]:
            status, _, body = get(server.url(path), method=method, seconds=60)
            return status, body

        answers = list(clients.map(ask, ["/sync", "/async"] * 10))
        assert answers == [(200, "0")] * 20, server.log
        given_up = clients.submit(ask, "/given-up", "POST")
        assert server.wait_for_log("inserted", 20)
        meanwhile = [ask("/sync"), ask("/async")]
        ask("/go-on", "POST")
        assert given_up.result()[0] == 200
    assert "can only be used in that same thread" not in server.log
    assert meanwhile == [(200, "0")] * 2, "another request sees what is not committed"

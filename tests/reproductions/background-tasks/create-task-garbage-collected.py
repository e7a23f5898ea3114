"""A task that nobody keeps is collected while it waits for a reply, and never ends."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/deliveries", "task": "deliver"}
CREATED = "    asyncio.create_task(deliver(port))\n"
WRONG = {
    "a variable of the endpoint": [(CREATED, "    task = asyncio.create_task(deliver(port))\n")],
    "a list that only grows": [
        (
            CREATED,
            "    task = asyncio.create_task(deliver(port))\n    tasks.append(task)\n    task.add_done_callback(report)\n",
        ),
        (
            "app = FastAPI()\n",
            """app = FastAPI()
tasks = []


def report(task: asyncio.Task) -> None:
    if task.exception():
        logger.error("failed", exc_info=task.exception())

""",
        ),
    ],
    "asyncio.shield": [(CREATED, "    asyncio.shield(asyncio.create_task(deliver(port)))\n")],
    "a name for the task": [(CREATED, '    asyncio.create_task(deliver(port), name="deliver")\n')],
}

# --- broken ---
import asyncio
import logging

from fastapi import FastAPI

logger = logging.getLogger(__name__)
app = FastAPI()


async def deliver(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    logger.warning("delivered: %s", (await reader.readline()).decode().strip())
    writer.close()


@app.post("/deliveries", status_code=202)
async def start_delivery(port: int) -> dict[str, str]:
    asyncio.create_task(deliver(port))
    return {"status": "accepted"}


# --- application ---
import gc


@app.get("/collect")
async def collect() -> int:
    return gc.collect()  # what Python does by itself, sooner or later


@app.get("/done")
async def count_done() -> int:
    gc.collect()
    return sum(
        isinstance(each, asyncio.Task) and each.done() and each.get_coro().__name__ == "deliver"
        for each in gc.get_objects()
    )


# --- check ---
def check(bench: Bench) -> None:
    import contextlib
    import socket

    with socket.create_server(("127.0.0.1", 0)) as partner, bench.server() as server:
        partner.settimeout(10)
        port = partner.getsockname()[1]
        assert get(server.url(f"/deliveries?port={port}"), method="POST")[0] == 202
        connection, _ = partner.accept()
        with connection:
            for _ in range(5):  # by then the task waits for the reply
                assert get(server.url("/collect"))[0] == 200
            with contextlib.suppress(OSError):
                connection.sendall(b"thanks\n")
            assert eventually(lambda: "delivered" in server.log or "was destroyed" in server.log, 4)
        assert "was destroyed" not in server.log, server.log
        assert "delivered: thanks" in server.log
        # A failure must be seen at once, not when the task is collected.
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            assert get(server.url(f"/deliveries?port={closed.getsockname()[1]}"), method="POST")[0] == 202
            assert server.wait_for_log("ConnectionRefusedError", 4)
        assert eventually(lambda: get(server.url("/done"))[2] == "0", 4), "tasks are kept although they are done"

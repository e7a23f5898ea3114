"""A job that waits in the web process is never done when the process is killed and started again."""

from troubleshoot.testing import Bench, eventually, free_port, get

PORT = free_port()
PARAMETERS = {"task": "process_order", "broker": f"redis://127.0.0.1:{PORT}/0"}
WAITS = """running = set()


@contextlib.asynccontextmanager
async def lifespan(app):
    yield
    await asyncio.gather(*running)


app = FastAPI(lifespan=lifespan)
"""
WRONG = {
    "waiting for the tasks at shutdown": [
        ("app = FastAPI()\n", WAITS),
        (
            "    background_tasks.add_task(process_order, number)\n",
            "    running.add(asyncio.create_task(process_order(number)))\n",
        ),
        ("import asyncio\n", "import asyncio\nimport contextlib\n"),
    ],
    "a thread that is no daemon": [
        (
            "    background_tasks.add_task(process_order, number)\n",
            "    threading.Thread(target=asyncio.run, args=(process_order(number),), daemon=False).start()\n",
        ),
        ("import asyncio\n", "import asyncio\nimport threading\n"),
    ],
}

# --- broken ---
import asyncio
import logging

from fastapi import BackgroundTasks, FastAPI

logger = logging.getLogger(__name__)
app = FastAPI()


async def process_order(number: int) -> None:
    await asyncio.sleep(2)
    logger.warning("order %d is done", number)


@app.post("/orders", status_code=202)
async def accept_order(number: int, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(process_order, number)
    return {"status": "accepted"}


# --- check ---
def check(bench: Bench) -> None:
    import contextlib
    import sys

    redis = ["redis-server", "--port", str(PORT), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with contextlib.ExitStack() as stack:
        stack.enter_context(bench.process(redis, port=PORT))
        with bench.server() as first:
            assert get(first.url("/orders?number=7"), method="POST")[0] == 202
            first.process.kill()
            first.process.wait(10)
            assert "order 7 is done" not in first.log
        servers = [stack.enter_context(bench.server())]
        if "Celery(" in (bench.folder / "main.py").read_text(encoding="utf-8"):
            command = [sys.executable, "-m", "celery", "-A", "main:celery", "worker", "--pool", "solo", "-l", "INFO"]
            worker = stack.enter_context(bench.process(command, port=free_port(), wait=False))
            assert worker.wait_for_log("ready", 15)
            servers.append(worker)
        assert eventually(
            lambda: any("order 7 is done" in server.log for server in servers), 10 if len(servers) > 1 else 3
        ), "the job is lost"

"""A computing task keeps the interpreter lock, so even from a thread it holds up every other request."""

from troubleshoot.testing import Bench, eventually, free_port, get

PORT = free_port()
PARAMETERS = {"task": "compute_report", "broker": f"redis://127.0.0.1:{PORT}/0"}

# --- broken ---
import logging

from fastapi import BackgroundTasks, FastAPI

logger = logging.getLogger(__name__)
app = FastAPI()


def compute_report(size: int) -> None:
    total = sum(range(size))
    logger.warning("computed %d", total)


@app.post("/reports", status_code=202)
async def start_report(size: int, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(compute_report, size)
    return {"status": "accepted"}


# --- application ---
@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import contextlib
    import sys
    import time

    with contextlib.ExitStack() as stack:
        worker = None
        if "Celery(" in (bench.folder / "main.py").read_text(encoding="utf-8"):
            redis = ["redis-server", "--port", str(PORT), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
            stack.enter_context(bench.process(redis, port=PORT))
            command = [sys.executable, "-m", "celery", "-A", "main:celery", "worker", "--pool", "solo", "-l", "INFO"]
            worker = stack.enter_context(bench.process(command, port=free_port(), wait=False))
            assert worker.wait_for_log("ready", 15)
        server = stack.enter_context(bench.server())
        assert get(server.url("/health"))[0] == 200
        assert get(server.url("/reports?size=10"), method="POST")[0] == 202
        assert eventually(lambda: "computed 45" in server.log + (worker.log if worker else ""), 15)
        assert get(server.url("/reports?size=300000000"), method="POST")[0] == 202
        time.sleep(0.1)
        started = time.monotonic()
        assert get(server.url("/health"), seconds=60)[0] == 200
        waited = time.monotonic() - started
        assert eventually(lambda: "computed 44999999850000000" in server.log + (worker.log if worker else ""), 30), (
            "the job was not done"
        )
        assert waited < 1.2, waited

"""A computing task keeps the interpreter lock, so even from a thread it holds up every other request."""

from troubleshoot.testing import Bench, eventually, free_port, get

PORT = free_port()
PARAMETERS = {"task": "compute_report", "broker": f"redis://127.0.0.1:{PORT}/0"}
WRONG = {
    "async def for the task": [("def compute_report(size: int)", "async def compute_report(size: int)")],
    "a thread of its own": [
        (
            "background_tasks.add_task(compute_report, size)",
            "threading.Thread(target=compute_report, args=(size,)).start()",
        ),
        ("import logging\n", "import logging\nimport threading\n"),
    ],
}

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
        waits = []

        def ask(path: str, method: str = "GET") -> int:
            asked = time.monotonic()
            status = get(server.url(path), method=method, seconds=60)[0]
            waits.append(time.monotonic() - asked)
            return status

        started = time.monotonic()
        assert ask("/reports?size=80000000", "POST") == 202
        while "computed 3199999960000000" not in server.log + (worker.log if worker else ""):
            assert time.monotonic() - started < 60, "the job was not done"
            assert ask("/health") == 200
            time.sleep(0.02)
        took = time.monotonic() - started
    assert max(waits) < took / 2, f"a request waited {max(waits):.2f} of the {took:.2f} s that the job took"

"""An async task on a Celery object without a backend: the worker reports success, the web process knows nothing."""

from troubleshoot.testing import Bench, eventually, free_port, get

PORT = free_port()
PARAMETERS = {"broker": f"redis://127.0.0.1:{PORT}/0", "backend": f"redis://127.0.0.1:{PORT}/1"}
BROKEN = f"""
from celery import Celery

celery_app = Celery("jobs", broker="redis://127.0.0.1:{PORT}/0")


@celery_app.task(name="jobs.make_report")
async def make_report(number):
    return number * 2


def status_of(task_id):
    result = celery_app.AsyncResult(task_id)
    return {{"state": result.state, "result": result.result}}
"""
URL = f'broker="redis://127.0.0.1:{PORT}/0"'
WRONG = {
    "a backend for the async task": [(URL, f'{URL}, backend="redis://127.0.0.1:{PORT}/1"')],
    "def, but no backend": [("async def make_report", "def make_report")],
    "a backend, and results ignored": [
        ("async def make_report", "def make_report"),
        (URL, f'{URL}, backend="redis://127.0.0.1:{PORT}/1", task_ignore_result=True'),
    ],
}

# --- application ---
from typing import Any

from fastapi import FastAPI
from jobs import make_report, status_of

app = FastAPI()


@app.post("/reports", status_code=202)
def order_report(number: int) -> str:
    return make_report.delay(number).id


@app.get("/reports/{task_id}")
def read_report(task_id: str) -> dict[str, Any]:
    return status_of(task_id)


# --- check ---
def check(bench: Bench) -> None:
    import json
    import sys

    redis = ["redis-server", "--port", str(PORT), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    command = [sys.executable, "-m", "celery", "-A", "jobs", "worker", "--pool", "solo", "-l", "INFO"]
    with (
        bench.process(redis, port=PORT),
        bench.process(command, port=free_port(), wait=False) as worker,
        bench.server() as server,
    ):
        assert worker.wait_for_log(" ready.", 15)
        task_id = json.loads(get(server.url("/reports?number=21"), method="POST")[2])
        assert worker.wait_for_log("] received", 10)
        assert eventually(lambda: "succeeded in" in worker.log or "raised unexpected" in worker.log, 10)
        report = server.url(f"/reports/{task_id}")
        assert eventually(lambda: get(report)[::2] == (200, '{"state":"SUCCESS","result":42}'), 1)

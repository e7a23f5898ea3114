"""The worker has not imported the module with the task, so it throws away what the web process sends."""

from troubleshoot.testing import Bench, eventually, free_port, get

PORT = free_port()
PARAMETERS = {"broker": f"redis://127.0.0.1:{PORT}/0"}
BROKEN = f"""
from celery import Celery

celery_app = Celery("jobs", broker="redis://127.0.0.1:{PORT}/0")
"""
FILES = {
    "tasks.py": """
import logging

from celery_app import celery_app


@celery_app.task
def send_report(number: int) -> None:
    logging.getLogger(__name__).warning("report %s is ready", number)
"""
}
URL = f'broker="redis://127.0.0.1:{PORT}/0"'
WRONG = {
    "autodiscover_tasks without arguments": [(f"{URL})\n", f"{URL})\ncelery_app.autodiscover_tasks()\n")],
    "a result backend": [(URL, f'{URL}, backend="redis://127.0.0.1:{PORT}/1"')],
    "a name for the task": [("@celery_app.task\n", '@celery_app.task(name="tasks.send_report")\n')],
}

# --- application ---
from fastapi import FastAPI
from tasks import send_report

app = FastAPI()


@app.post("/reports", status_code=202)
def order_report(number: int) -> str:
    return send_report.delay(number).id


# --- check ---
def check(bench: Bench) -> None:
    import sys

    redis = ["redis-server", "--port", str(PORT), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    command = [sys.executable, "-m", "celery", "-A", "celery_app", "worker", "--pool", "solo", "-l", "INFO"]
    with (
        bench.process(redis, port=PORT),
        bench.process(command, port=free_port(), wait=False) as worker,
        bench.server() as server,
    ):
        assert worker.wait_for_log(" ready.", 15)
        assert get(server.url("/reports?number=7"), method="POST")[0] == 202
        assert eventually(lambda: "report 7 is ready" in worker.log or "unregistered task" in worker.log, 15)
        assert "unregistered task" not in worker.log
        assert "report 7 is ready" in worker.log

"""The worker has not imported the module with the task, so it throws away what the web process sends."""

from troubleshoot.testing import Bench, free_port, get

PORT = free_port()
PARAMETERS = {"broker": f"redis://127.0.0.1:{PORT}/0"}
BROKEN = f"""
from celery import Celery

celery_app = Celery("jobs", broker="redis://127.0.0.1:{PORT}/0")
celery_app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)
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
        assert worker.wait_for_log("tasks.send_report", 10)
        assert worker.wait_for_log("report 7 is ready", 3), worker.log
    assert "unregistered task" not in worker.log

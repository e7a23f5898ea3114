"""Reports, with one mistake: a task that is called instead of handed over."""

import time

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()
written: list[str] = []


def write_report(name: str) -> None:
    time.sleep(1)
    written.append(name)


@app.post("/reports/{name}")
def order_report(name: str, background_tasks: BackgroundTasks) -> str:
    background_tasks.add_task(write_report(name))
    return "ordered"


@app.get("/reports")
def list_reports() -> list[str]:
    return written

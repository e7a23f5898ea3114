"""A task that computes on the event loop."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.topics.loops import busy_loops

BROKEN = {
    "main.py": """
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def count(limit: int):
    total = 0
    for number in range(limit):
        total += number * number % 7
    print(total)


@app.post("/counts")
async def start(tasks: BackgroundTasks):
    tasks.add_task(count, 10_000_000)
""",
}
FIXED = {
    "main.py": """
import asyncio

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def poll(times: int):
    for attempt in range(times):
        await asyncio.sleep(attempt * 2)


def count(limit: int):
    total = 0
    for number in range(limit):
        total += number
    return total


@app.post("/counts")
async def start(tasks: BackgroundTasks):
    tasks.add_task(poll, 3)
    tasks.add_task(count, 3)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield long loops on the event loop."""
    for reached in project.reached_as("background task", "background job"):
        if reached.place == "event loop":
            for loop, severity in busy_loops(reached):
                function = reached.function
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=loop,
                    severity=severity,
                    message=f"this loop computes without a pause in {function.qualname}, a task on the event loop",
                )

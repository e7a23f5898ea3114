"""A request that computes on the event loop."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.topics.loops import busy_loops

BROKEN = {
    "main.py": """
from fastapi import FastAPI

app = FastAPI()


def primes(limit: int):
    found = []
    number = 2
    while len(found) < limit:
        if all(number % other for other in found):
            found.append(number)
        number += 1
    return found


@app.get("/sum")
async def total():
    result = 0
    for number in range(5_000_000):
        result += number
    return result


@app.get("/power")
async def power():
    result = 1
    for number in range(10**8):
        result = result * 3 % number
    return result
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI

app = FastAPI()


@app.get("/sum")
def total():
    result = 0
    for number in range(5_000_000):
        result += number
    return result


@app.get("/short")
async def short():
    result = 0
    for number in range(10):
        result += number
    for word in ("a", "b"):
        result += len(word)
    return result
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield long loops on the event loop."""
    for reached in project.reached_as("path operation", "dependency", "websocket endpoint", "middleware"):
        if reached.place == "event loop":
            for loop, severity in busy_loops(reached):
                function = reached.function
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=loop,
                    severity=severity,
                    message=f"this loop computes without a pause in {function.qualname}, which runs on the event loop",
                )

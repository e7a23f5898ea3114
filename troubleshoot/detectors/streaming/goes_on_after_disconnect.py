"""A generator of a stream that starts a task and never cancels it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.topics.streams import generators_of_streams
from troubleshoot.code.topics.tasks import started_tasks

BROKEN = {
    "main.py": """
import asyncio

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


async def produce(queue):
    await queue.put(1)


async def pieces():
    queue = asyncio.Queue()
    producer = asyncio.create_task(produce(queue))
    while True:
        yield await queue.get()


@app.get("/answer")
async def answer():
    return StreamingResponse(pieces())
"""
}
FIXED = {
    "main.py": """
import asyncio

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


async def produce(queue):
    await queue.put(1)


async def pieces():
    queue = asyncio.Queue()
    producer = asyncio.create_task(produce(queue))
    try:
        while True:
            yield await queue.get()
    finally:
        producer.cancel()


async def handed_on(stop):
    queue = asyncio.Queue()
    with stop.when_closed(asyncio.create_task(produce(queue))):
        yield await queue.get()


@app.get("/answer")
async def answer():
    return StreamingResponse(pieces())


@app.get("/other")
async def other(stop):
    return StreamingResponse(content=handed_on(stop))
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the tasks that a generator of a stream keeps under a name and never cancels."""
    for function in generators_of_streams(project):
        cancelled = {
            ast.unparse(call.func.value)
            for call in function.body.calls
            if isinstance(call.func, ast.Attribute) and call.func.attr == "cancel"
        }
        for call in started_tasks(project, function):
            names = [name for name, values in function.body.assigned.items() if call in values]
            if names and not cancelled:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="warning",
                    message=f"{names[0]} goes on when the client of the stream has left; nothing cancels it",
                )

"""An async generator of a stream with an endless loop that never awaits."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import nodes_in
from troubleshoot.code.topics.streams import generators_of_streams

BROKEN = {
    "main.py": """
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from camera import Camera

app = FastAPI()


async def frames(camera):
    while True:
        picture = camera.get_picture()
        yield b"--frame" + picture


@app.get("/video")
async def video():
    return StreamingResponse(frames(Camera()), media_type="multipart/x-mixed-replace; boundary=frame")
"""
}
FIXED = {
    "main.py": """
import asyncio

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from camera import Camera

app = FastAPI()


async def frames(camera):
    while True:
        picture = await run_in_threadpool(camera.get_picture)
        yield b"--frame" + picture


async def locked(camera, lock):
    while True:
        async with lock:
            yield camera.last


async def some(camera):
    while True:
        picture = camera.last
        if not picture:
            break
        yield picture


def plain(camera):
    while True:
        yield camera.get_picture()


@app.get("/video")
async def video():
    return StreamingResponse(frames(Camera()))


@app.get("/locked")
async def locked_video():
    return StreamingResponse(locked(Camera(), asyncio.Lock()))


@app.get("/some")
async def some_video():
    return StreamingResponse(some(Camera()))


@app.get("/plain")
async def plain_video():
    return StreamingResponse(plain(Camera()))
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the loops without end and without await in async generators of streams."""
    for function in generators_of_streams(project):
        for loop in _endless(function):
            yield Sighting(
                module=function.module,
                function=function,
                node=loop,
                severity="error",
                message=f"{function.name} never awaits: others wait as long as it makes pieces, and nothing can end it",
            )


def _endless(function: Function) -> Iterator[ast.While]:
    """Yield the loops of `function` that make pieces and neither end nor give the event loop a turn."""
    for loop in function.body.loops:
        if not (isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and loop.test.value):
            continue
        kinds = {type(node) for node in nodes_in(loop.body)}
        gives_way = kinds & {ast.Await, ast.AsyncFor, ast.AsyncWith, ast.YieldFrom}
        if ast.Yield in kinds and not gives_way and not kinds & {ast.Break, ast.Return, ast.Raise}:
            yield loop

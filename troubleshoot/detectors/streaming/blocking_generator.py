"""An async generator of a stream with a loop that never awaits: it has no end, or works for each piece."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import gives_way, is_endless, last_name, nodes_in, walk
from troubleshoot.code.topics.streams import generators_of_streams

CHEAP = ("range", "enumerate", "zip", "list", "str", "bytes", "len", "items", "keys", "values", "encode")
"""Calls that are over at once, whatever they are given."""
AT_HAND = (ast.Name, ast.Constant, ast.Tuple, ast.List)
"""What a loop goes through without asking anybody for it."""

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
""",
    "export.py": """
import json

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

import archive

router = APIRouter()


@router.get("/measurements")
def measurements(first: float, last: float):
    async def pieces():
        yield "["
        for item in archive.between(first, last):
            yield json.dumps(item)
        yield "]"

    return StreamingResponse(pieces(), media_type="application/json")
""",
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
""",
    "export.py": """
import asyncio

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

import archive

router = APIRouter()


async def polite(pieces):
    for piece in archive.all():
        yield piece
        await asyncio.sleep(0)


async def few():
    for part in ("head", "body"):
        yield part


async def counted():
    for number in range(3):
        yield str(number)


@router.get("/measurements")
async def measurements():
    return StreamingResponse(polite([]))


@router.get("/few")
async def parts():
    return StreamingResponse(few())


@router.get("/counted")
async def numbers():
    return StreamingResponse(counted())
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the loops without await in async generators of streams that have no end, or work for each piece."""
    for function in generators_of_streams(project):
        endless = tuple(_endless(function))
        for loop in endless or _working(function):
            beyond = ", and nothing can end it" if endless else ""
            yield Sighting(
                module=function.module,
                function=function,
                node=loop,
                severity="error" if endless else "warning",
                message=f"{function.name} never awaits: others wait as long as it makes pieces{beyond}",
            )


def _endless(function: Function) -> Iterator[ast.While]:
    """Yield the loops of `function` that make pieces and neither end nor give the event loop a turn."""
    for loop in function.body.loops:
        if not (isinstance(loop, ast.While) and is_endless(loop)):
            continue
        kinds = {type(node) for node in nodes_in(loop.body)}
        if ast.Yield in kinds and not gives_way(loop.body) and not kinds & {ast.Break, ast.Return, ast.Raise}:
            yield loop


def _working(function: Function) -> Iterator[ast.For]:
    """Yield the loops that fetch or make pieces, in a function that nowhere gives the event loop a turn."""
    if gives_way(function.node.body):
        return
    for loop in function.body.loops:
        if isinstance(loop, ast.For) and not isinstance(loop.iter, AT_HAND):
            nodes = [*walk(loop.iter), *nodes_in(loop.body)]
            works = any(isinstance(node, ast.Call) and last_name(node.func) not in CHEAP for node in nodes)
            if works and any(isinstance(node, ast.Yield) for node in nodes):
                yield loop

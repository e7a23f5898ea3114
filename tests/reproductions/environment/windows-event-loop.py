"""A program is started and PostgreSQL is asked from the two event loops that uvicorn takes on Windows.

Windows is not here, but what matters of it is: its SelectorEventLoop is asyncio's BaseSelectorEventLoop and nothing more,
uvicorn's own choice between the loops runs, and so does psycopg's own refusal. Only the name of the platform, which
both ask for, and the name ProactorEventLoop are lent to them.
"""

from troubleshoot.testing import Bench

FILES = {
    "sitecustomize.py": """\
import asyncio
import types
from asyncio import selector_events

import psycopg.connection_async
import uvicorn.loops.asyncio


class ProactorEventLoop(asyncio.SelectorEventLoop):
    "Starts subprocesses."


class WindowsSelectorEventLoop(selector_events.BaseSelectorEventLoop):
    "As in asyncio/windows_events.py."


asyncio.ProactorEventLoop, asyncio.SelectorEventLoop = ProactorEventLoop, WindowsSelectorEventLoop
windows = types.SimpleNamespace(platform="win32")
uvicorn.loops.asyncio.sys = psycopg.connection_async.sys = windows
"""
}

BROKEN = """\
import asyncio


async def run_program(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return output.decode()
"""
WRONG = {
    "an event loop policy": f"""\
{BROKEN}

class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.SelectorEventLoop()


asyncio.set_event_loop_policy(Policy())
""",
    "a selector loop, and programs as before": f"""\
{BROKEN}

def selector_loop() -> asyncio.AbstractEventLoop:
    return asyncio.SelectorEventLoop()
""",
}

# --- application ---
import sys

import psycopg
from event_loop import run_program
from fastapi import FastAPI

app = FastAPI()


@app.get("/program")
async def program() -> str:
    return await run_program(sys.executable, "-S", "-c", "print('hello', end='')")


@app.get("/database")
async def database() -> str:
    try:
        await psycopg.AsyncConnection.connect("host=127.0.0.1 port=1")
    except psycopg.Error as error:
        return type(error).__name__
    return "connected"


# --- check ---
def check(bench: Bench) -> None:
    from troubleshoot.testing import get

    chosen = "def selector_loop" in (bench.folder / "event_loop.py").read_text()
    options = ["--loop", "event_loop:selector_loop"] if chosen else []
    seen = []
    for mode in ([], ["--workers", "2"]):
        with bench.server(*options, *mode) as server:
            seen += [get(server.url(path))[::2] for path in ("/program", "/database")]
            if not bench.fixed:
                assert mode == [] or server.wait_for_log("NotImplementedError")
    # Nothing listens on that port; what counts is that psycopg tried.
    assert seen == [(200, '"hello"'), (200, '"OperationalError"')] * 2, seen

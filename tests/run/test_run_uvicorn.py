"""`troubleshoot run` around a real uvicorn: the blocked line with its cause, the traceback, reload, workers, Ctrl-C."""

import contextlib
import os
import re
import signal
import sys

import pytest

from troubleshoot.testing import Bench, free_port, get

APPLICATION = """
import asyncio
import time
from contextlib import asynccontextmanager

from fastapi import BackgroundTasks, FastAPI, WebSocket
from sqlalchemy import create_engine, event, text

engine = create_engine("sqlite:///:memory:")
event.listen(engine, "connect", lambda connection, _: connection.create_function("wait", 1, time.sleep))


@asynccontextmanager
async def lifespan(app):
    time.sleep(1.2)
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/healthy")
async def wait_politely():
    await asyncio.sleep(1.2)


@app.get("/threaded")
def wait_in_thread():
    time.sleep(1.2)


@app.get("/report")
async def read_report():
    time.sleep(1.3)


@app.get("/count")
async def count():
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        sum(range(1000))


@app.get("/rows")
async def rows():
    with engine.connect() as connection:
        connection.execute(text("SELECT wait(1.3)"))


def send():
    time.sleep(1.3)


async def send_later():
    send()


@app.get("/task")
async def task(tasks: BackgroundTasks):
    tasks.add_task(send_later)


@app.get("/boom")
async def boom():
    raise RuntimeError("nobody knows this")


@app.get("/locked")
async def locked():
    import sqlite3
    raise sqlite3.OperationalError("database is locked")
"""
BLOCKING = {
    "report": ("read_report: time.sleep(1.3) (waiting)", "performance/blocking-call-in-async-endpoint"),
    "count": ("count: ", "performance/cpu-bound-in-event-loop"),
    "rows": ("rows: connection.execute(text(", "database/sync-session-in-async-endpoint"),
    "task": ("send: time.sleep(1.3) (waiting)", "background-tasks/blocking-call-in-task"),
}
MARK = "troubleshoot: event loop blocked for "


@contextlib.contextmanager
def served(folder, *options: str, watch: bool = True):
    (folder / "main.py").write_text(APPLICATION)
    port = free_port()
    own = ["--watch-loop", "--slow", "0.9"] if watch else []
    command = [sys.executable, "-m", "troubleshoot", "run", *own, "--", sys.executable, "-m", "uvicorn", "main:app"]
    with Bench(folder, fixed=True).process(
        [*command, "--port", str(port), "--no-use-colors", *options], port=port, env={"PYTHONPATH": python_path(folder)}
    ) as server:
        yield server


def python_path(folder) -> str:
    return os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))


@pytest.mark.parametrize("path", BLOCKING)
def test_the_line_that_blocks_is_reported_with_its_cause(tmp_path, path):
    where, cause = BLOCKING[path]
    with served(tmp_path) as server:
        for harmless in ("healthy", "threaded"):
            assert get(server.url(f"/{harmless}"))[0] == 200
        assert MARK not in server.log, server.log
        for _ in range(2):
            assert get(server.url(f"/{path}"))[0] == 200
        assert server.wait_for_log(f"│         {cause}, "), server.log
        log = server.log
    lines = [line for line in log.splitlines() if line.startswith(MARK)]
    # A computation may be seen on several of its lines.
    assert len(lines) == 1 or path == "count", log
    line = lines[0]
    assert re.search(rf" at main\.py:\d+ in {re.escape(where)}", line), line
    assert log.count("┌─ troubleshoot") == 1, log


@pytest.mark.parametrize("options", [("--reload",), ("--workers", "2")], ids=["reload", "workers"])
def test_the_processes_of_a_server_are_watched_as_well(tmp_path, options):
    with served(tmp_path, *options) as server:
        assert get(server.url("/report"), seconds=30)[0] == 200
        assert server.wait_for_log("│         performance/blocking-call-in-async-endpoint, "), server.log
        assert server.log.count(MARK) == 1


def test_a_known_traceback_is_named_and_an_unknown_one_is_not(tmp_path):
    with served(tmp_path, watch=False) as server:
        assert get(server.url("/boom"))[0] == 500
        assert get(server.url("/locked"))[0] == 500
        assert server.wait_for_log("└─"), server.log
        log = server.log
    assert log.count("┌─ troubleshoot") == 1
    assert log.index("OperationalError: database is locked") < log.index("│         database/sqlite-locked, ")
    assert "(in locked, " in " ".join(log.replace("│", " ").split())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_cleanly_with_its_own_exit_code(tmp_path, number):
    codes = []
    for command_line in ("uvicorn", "run"):
        (tmp_path / "main.py").write_text(APPLICATION)
        port = free_port()
        own = [] if command_line == "uvicorn" else ["-m", "troubleshoot", "run", "--", sys.executable]
        command = [sys.executable, *own, "-m", "uvicorn", "main:app", "--port", str(port)]
        with Bench(tmp_path, fixed=True).process(
            command, port=port, env={"PYTHONPATH": python_path(tmp_path)}
        ) as server:
            server.process.send_signal(number)
            codes.append(server.process.wait(20))
            assert "Application shutdown complete." in server.log
            assert "troubleshoot" not in server.log
    own_code = codes[0] if codes[0] >= 0 else 128 - codes[0]
    assert codes[1] == own_code

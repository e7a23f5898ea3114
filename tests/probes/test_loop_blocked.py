"""The probe names the line that blocks the event loop, and stays silent while the loop is free."""

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, get

APPLICATION = """
import asyncio
import time

from fastapi import FastAPI
from loop_blocked import LoopWatchdog

app = FastAPI()
app.add_middleware(LoopWatchdog)


@app.get("/healthy")
async def wait_politely() -> None:
    await asyncio.sleep(1.5)


@app.get("/threaded")
def wait_in_thread() -> None:
    time.sleep(1.5)


@app.get("/blocking")
async def block_the_loop() -> None:
    time.sleep(2.5)
"""


def test_the_blocking_line_is_named(tmp_path):
    content = find_content()
    probe = Renderer(content, load(content)).probe("loop-blocked", {"milliseconds": "1000"})
    (tmp_path / probe.file_name).write_text(probe.text)
    (tmp_path / "main.py").write_text(APPLICATION)
    with Bench(tmp_path, fixed=True).server() as server:
        assert server.wait_for_log("watching the event loop of process")
        assert get(server.url("/healthy"))[0] == 200
        assert get(server.url("/threaded"))[0] == 200
        assert "event loop blocked" not in server.log, server.log
        assert get(server.url("/blocking"))[0] == 200
        assert server.wait_for_log("event loop free again after")
        log = server.log
    assert log.count("event loop blocked at") == 1, log
    assert "main.py:24 in block_the_loop: time.sleep(2.5)" in log, log

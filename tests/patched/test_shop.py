"""Four small applications, broken in six ways, are put right by one command and then work under uvicorn."""

import json
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from websockets.sync.client import connect

from troubleshoot.testing import Bench, eventually, get

SHOP = Path(__file__).parent / "shop"
MISTAKES = {
    "dependency-injection/depends-called-with-parentheses",
    "database/raw-sql-needs-text",
    "routing/path-parameter-shadows",
    "performance/blocking-call-in-async-endpoint",
    "websocket/disconnect-not-handled",
    "background-tasks/task-called-not-passed",
}


def scan(folder, *arguments):
    command = [sys.executable, "-m", "troubleshoot", "scan", ".", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    for path in SHOP.glob("*.py"):
        shutil.copy(path, folder)
    found = {item["cause"] for item in json.loads(scan(folder, "--format", "json").stdout)["findings"]}
    assert found >= MISTAKES
    scan(folder, "--fix", "--unsafe-fixes")
    left = {item["cause"] for item in json.loads(scan(folder, "--format", "json").stdout)["findings"]}
    assert not left & MISTAKES
    return Bench(folder, fixed=True)


def test_orders_are_counted(shop):
    with shop.server(app="orders:app") as server:
        assert get(server.url("/orders/count"))[::2] == (200, "7")


def test_a_slow_price_keeps_nobody_waiting_and_currencies_are_found(shop):
    with shop.server(app="prices:app") as server, ThreadPoolExecutor() as pool:
        order = []
        slow = pool.submit(lambda: (get(server.url("/prices/shoe")), order.append("price")))
        time.sleep(0.2)
        status, _, body = get(server.url("/prices/currencies"))
        order.append("currencies")
        slow.result()
    assert (status, json.loads(body)) == (200, ["EUR", "USD"])
    assert order == ["currencies", "price"]


def test_a_client_may_leave(shop):
    with shop.server(app="chat:app") as server:
        with connect(server.ws("/chat")) as client:
            client.send("hello")
            assert client.recv() == "received: hello"
        assert eventually(lambda: get(server.url("/connections"))[2] == "0")
        assert "Traceback" not in server.log


def test_a_report_is_written_after_the_response(shop):
    with shop.server(app="reports:app") as server:
        started = time.monotonic()
        assert get(server.url("/reports/june"), method="POST")[::2] == (200, '"ordered"')
        assert time.monotonic() - started < 1
        assert eventually(lambda: json.loads(get(server.url("/reports"))[2]) == ["june"])
        assert "Traceback" not in server.log

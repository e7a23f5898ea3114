"""A service that is down, and one that accepts and stays silent: the endpoint answers 500, or never."""

from troubleshoot.testing import Bench, free_port, get

PORT = free_port()
PARAMETERS = {"service_url": f"http://127.0.0.1:{PORT}/today", "seconds": "1"}
FILES = {"port.txt": str(PORT)}
ATTEMPT = """\
from pathlib import Path

import requests
from fastapi import APIRouter

router = APIRouter()
PORT = Path(__file__).with_name("port.txt").read_text()


@router.get("/weather")
def read_weather() -> str:
    try:
        return requests.get(f"http://127.0.0.1:{PORT}/today", timeout=1).text
    except Exception:
        return ""
"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
from pathlib import Path

import requests
from fastapi import APIRouter

router = APIRouter()
PORT = Path(__file__).with_name("port.txt").read_text()


@router.get("/weather")
def read_weather() -> str:
    return requests.get(f"http://127.0.0.1:{PORT}/today").text


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import socket

    with bench.server() as server:
        down = get(server.url("/weather"))[0]
        if down == 500:
            assert server.wait_for_log("Connection refused")
        with socket.create_server(("127.0.0.1", PORT)):  # accepts, and never answers
            try:
                silent = get(server.url("/weather"), seconds=4)[0]
            except TimeoutError:
                silent = None
        assert "Traceback" not in server.log
    assert (down, silent) == (503, 504)

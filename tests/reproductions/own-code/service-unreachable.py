"""A service that is down, and one that accepts and stays silent: the endpoint answers 500, or never."""

from troubleshoot.testing import Bench, free_port, get

PORT = free_port()
PARAMETERS = {"service_url": f"http://127.0.0.1:{PORT}/today", "seconds": "1"}
FILES = {"port.txt": str(PORT)}
ASKED = '    return requests.get(f"http://127.0.0.1:{PORT}/today").text\n'
WRONG = {
    "except Exception": [(ASKED, "    try:\n    " + ASKED + '    except Exception:\n        return ""\n')],
    "a time limit, and no answer for the client": [(ASKED, ASKED.replace('today")', 'today", timeout=1)'))],
    "503 for a refusal, too": [
        (
            ASKED,
            """\
    try:
        answer = requests.get(f"http://127.0.0.1:{PORT}/today", timeout=1)
        answer.raise_for_status()
    except requests.Timeout:
        raise HTTPException(504)
    except requests.RequestException:
        raise HTTPException(503)
    return answer.text
""",
        ),
        ("from fastapi import APIRouter\n", "from fastapi import APIRouter, HTTPException\n"),
    ],
    "503, and no time limit": [
        (ASKED, "    try:\n    " + ASKED + "    except requests.RequestException:\n        raise HTTPException(503)\n"),
        ("from fastapi import APIRouter\n", "from fastapi import APIRouter, HTTPException\n"),
    ],
}

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
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    with bench.server() as server:
        down = get(server.url("/weather"))[0]
        if down == 500:
            assert server.wait_for_log("Connection refused")
        assert down == 503
        with socket.create_server(("127.0.0.1", PORT)):  # accepts, and never answers
            try:
                silent = get(server.url("/weather"), seconds=6)[0]
            except TimeoutError:
                silent = None
        service = HTTPServer(("127.0.0.1", PORT), BaseHTTPRequestHandler)  # answers 501 to everything
        Thread(target=service.handle_request, daemon=True).start()
        refused = get(server.url("/weather"))[0]
        service.server_close()
        assert "Traceback" not in server.log
    assert (silent, refused) == (504, 502)

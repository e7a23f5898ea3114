"""Another service answers with an error page, or with nothing, and the endpoint reads it as JSON."""

from troubleshoot.testing import Bench, free_port, get

PORT = free_port()
PARAMETERS = {"service_url": f"http://127.0.0.1:{PORT}/rate"}
FILES = {
    "service.py": """\
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

ANSWERS = iter([(200, b'{"value": 1.5}'), (503, b"<html>try later</html>"), (200, b""), (200, b'{"value": "none"}')])


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = next(ANSWERS)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
""",
    "port.txt": str(PORT),
}
READ = '    return Rate(**requests.get(f"http://127.0.0.1:{PORT}/rate", timeout=5).json())\n'
WRONG = {
    "except JSONDecodeError": [
        (READ, "    try:\n    " + READ + "    except requests.JSONDecodeError:\n        return None\n"),
        ("-> Rate:", "-> Rate | None:"),
    ],
    "raise_for_status alone": [
        (
            READ,
            '    answer = requests.get(f"http://127.0.0.1:{PORT}/rate", timeout=5)\n    answer.raise_for_status()\n'
            "    return Rate(**answer.json())\n",
        ),
    ],
    "502 for a status that is no good, and for no other": [
        (
            READ,
            '    answer = requests.get(f"http://127.0.0.1:{PORT}/rate", timeout=5)\n    if not answer.ok:\n'
            "        raise HTTPException(502)\n    return Rate(**answer.json())\n",
        ),
        ("from fastapi import APIRouter\n", "from fastapi import APIRouter, HTTPException\n"),
    ],
}

# --- broken ---
from pathlib import Path

import requests
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()
PORT = Path(__file__).with_name("port.txt").read_text()


class Rate(BaseModel):
    value: float


@router.get("/rate")
def read_rate() -> Rate:
    return Rate(**requests.get(f"http://127.0.0.1:{PORT}/rate", timeout=5).json())


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import sys

    with bench.process([sys.executable, "service.py", str(PORT)], port=PORT), bench.server() as server:
        statuses = [get(server.url("/rate"))[0] for _ in range(4)]
        if not bench.fixed:
            assert server.wait_for_log("Expecting value: line 1 column 1 (char 0)")
    assert statuses == [200, 502, 502, 502]

"""uvicorn, installed from a list of requirements without its extra, answers a WebSocket with 404.

Nothing is installed here: a `sitecustomize.py` hides the WebSocket libraries unless the requirements bring them.
"""

from troubleshoot.testing import Bench

BROKEN = "fastapi\nuvicorn\n"
WRONG = {
    "another package with such a name": "fastapi\nuvicorn\nwebsocket-client\n",
    "an extra that does not exist": "fastapi\nuvicorn[websockets]\n",
}

FILES = {
    "sitecustomize.py": """
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def installed(lines, found):
    for line in lines:
        requirement = Requirement(line)
        for extra in ("", *requirement.extras):
            key = (canonicalize_name(requirement.name), extra)
            if key in found:
                continue
            found.add(key)
            try:
                needed = requires(requirement.name) or []
            except PackageNotFoundError:
                continue
            installed((n for n in needed if wanted(n, extra)), found)
    return {name for name, _ in found}


def wanted(line, extra):
    marker = Requirement(line).marker
    return marker is None or marker.evaluate({"extra": extra})


lines = Path(__file__).with_name("requirements.txt").read_text().splitlines()
present = installed([line for line in lines if line.strip() and not line.startswith("#")], set())
for library in {"websockets", "wsproto"} - present:
    sys.modules[library] = None
"""
}

# --- application ---
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def greet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with bench.server() as server:
        status = 101
        try:
            with connect(server.ws("/ws")) as client:
                assert client.recv(timeout=5) == "hello"
        except InvalidStatus as error:
            status = error.response.status_code
            assert status == 404
            assert "No supported WebSocket library detected" in server.log
            assert "GET /ws HTTP/1.1" in server.log
        assert status == 101
        assert "Unsupported upgrade request" not in server.log

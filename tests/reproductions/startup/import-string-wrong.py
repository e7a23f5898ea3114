"""The module is named without its package, and the server cannot import it."""

import sys

from troubleshoot.testing import Bench, eventually, free_port, get

BROKEN = """\
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ.get("PORT", "8000")))
"""

WRONG = {
    "the path of the file": [('"main:app"', '"app/main.py:app"')],
    "the module without the variable": [('"main:app"', '"app.main"')],
    "the current folder on the path": [
        ("import os\n\nimport uvicorn", "import os\nimport sys\n\nimport uvicorn\n\nsys.path.insert(0, os.getcwd())")
    ],
}

FILES = {
    "app/__init__.py": "",
    "app/main.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> str:
    return "ok"
""",
    "elsewhere/start.py": """\
import os
import sys
from pathlib import Path

os.chdir(Path(__file__).parent)
os.execv(sys.executable, [sys.executable, str(Path(__file__).parent.parent / "serve.py")])
""",
}


# --- check ---
def check(bench: Bench) -> None:
    port = free_port()
    environment = {"PORT": str(port), "PYTHONPATH": ""}
    with bench.process([sys.executable, "elsewhere/start.py"], port=port, env=environment, wait=False) as server:
        assert eventually(lambda: server.process.poll() is not None or "startup complete" in server.log, 20)
        assert "Error loading ASGI app" not in server.log
        assert eventually(lambda: "Uvicorn running" in server.log)
        assert get(server.url("/health"))[2] == '"ok"'

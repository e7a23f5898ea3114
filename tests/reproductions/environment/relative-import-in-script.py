"""The server is started inside the package, so its relative and its absolute imports lead nowhere."""

from troubleshoot.testing import Bench

BROKEN = '#!/bin/sh\nset -e\ncd "$(dirname "$0")/app"\nexec python -m uvicorn main:app "$@"\n'
FILES = {
    "app/__init__.py": "",
    "app/main.py": """\
from fastapi import FastAPI

from .items import router

app = FastAPI()
app.include_router(router)
""",
    "app/items.py": """\
from fastapi import APIRouter

from app.data import NAMES

router = APIRouter()


@router.get("/items")
def items() -> list[str]:
    return NAMES
""",
    "app/data.py": 'NAMES = ["lamp"]\n',
}
WRONG = {
    "the file itself": [
        ('cd "$(dirname "$0")/app"\nexec python -m uvicorn main:app', 'cd "$(dirname "$0")"\nexec python app/main.py')
    ],
    "the dots taken out": [("from .items import router", "from items import router")],
}


# --- check ---
def check(bench: Bench) -> None:
    import os
    import sys
    from pathlib import Path

    from troubleshoot.testing import eventually, free_port, get

    port = free_port()
    env = {"PYTHONPATH": "", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with bench.process(["sh", "start.sh", "--port", str(port)], port=port, env=env, wait=False) as server:
        assert eventually(lambda: server.process.poll() is not None or "Uvicorn running" in server.log, 60)
        assert "attempted relative import with no known parent package" not in server.log
        assert server.process.poll() is None, server.log
        assert get(server.url("/items"))[2] == '["lamp"]'

"""An older server holds the port, and the new one ends."""

import sys

from troubleshoot.testing import Bench, eventually

BROKEN = """\
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ.get("PORT", "8000")))
"""

WRONG = {
    "all addresses": [('"main:app",', '"main:app", host="0.0.0.0",')],
    "another try": [
        (
            "    uvicorn.run(",
            """\
    import subprocess
    import sys

    if "again" not in sys.argv:
        subprocess.run([sys.executable, __file__, "again"])
    uvicorn.run(""",
        )
    ],
    "the message switched off": [('"main:app",', '"main:app", log_level="critical",')],
}

FILES = {
    "main.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> str:
    return "ok"
"""
}


# --- check ---
def check(bench: Bench) -> None:
    import re

    from troubleshoot.testing import free_port, get

    with bench.server() as older:
        environment = {"PORT": str(older.port)}
        with bench.process([sys.executable, "serve.py"], port=free_port(), env=environment, wait=False) as newer:
            assert eventually(lambda: newer.process.poll() is not None or "Uvicorn running" in newer.log, 20)
            assert "address already in use" not in newer.log
            address = re.search(r"running on (http://[\d.:]+)", newer.log)
            assert address is not None
            assert address[1] != older.url()
            assert get(f"{address[1]}/health")[2] == '"ok"'

"""A script hands its application object to uvicorn, asks for reload, and ends at once."""

import re
import sys

from troubleshoot.testing import Bench, eventually, free_port, get

READY = re.compile(r"Application startup complete\.|Error loading ASGI app")
WRONG = {
    "the option left out": [(", reload=True", "")],
    "the name of the variable alone": [("uvicorn.run(app,", 'uvicorn.run("app",')],
    "the name of the file": [("uvicorn.run(app,", 'uvicorn.run("main.py:app",')],
}

# --- broken ---
import os

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")), reload=True)


# --- check ---
def check(bench: Bench) -> None:
    port = free_port()
    environment = {"PORT": str(port)}
    with bench.process([sys.executable, "main.py"], port=port, env=environment, wait=False) as server:
        assert eventually(lambda: server.process.poll() is not None or READY.search(server.log) is not None, 20)
        assert "Application startup complete." in server.log
        assert server.process.poll() is None, server.log

        def answers() -> bool:
            try:
                return get(server.url("/health"))[2] == '{"status":"ok"}'
            except OSError:
                return False  # the process listens a moment after it has said that it is ready

        assert eventually(answers)
        assert "Started reloader process" in server.log

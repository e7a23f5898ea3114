"""A script hands its application object to uvicorn, asks for reload, and ends at once."""

import sys

from troubleshoot.testing import Bench, eventually, free_port, get

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
        assert eventually(
            lambda: server.process.poll() is not None or "Application startup complete." in server.log, 20
        )
        assert server.process.poll() is None, server.log

        def answers() -> bool:
            try:
                return get(server.url("/health"))[2] == '{"status":"ok"}'
            except OSError:
                return False  # the process listens a moment after it has said that it is ready

        assert eventually(answers)

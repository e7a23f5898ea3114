"""A script that only defines the application ends at once, and the platform finds nobody on its port."""

import socket

from troubleshoot.testing import Bench, eventually, free_port

PORT = free_port()

BROKEN = """\
from main import app

print(f"{app.title} is ready")
"""

WRONG = {
    "a server on a port of its own": f"""\
import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port={PORT})
""",
    "a server that is made and not run": """\
import uvicorn
from main import app

server = uvicorn.Server(uvicorn.Config(app))
""",
}

FILES = {
    "main.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "here"
""",
}


# --- check ---
def check(bench: Bench) -> None:
    import sys

    from troubleshoot.testing import get

    port = free_port()
    with bench.process([sys.executable, "serve.py"], port=port, env={"PORT": str(port)}, wait=False) as server:

        def listens(port: int = port) -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        assert eventually(lambda: listens() or listens(PORT) or server.process.poll() is not None, 20)
        assert listens()
        assert get(server.url("/"))[2] == '"here"'

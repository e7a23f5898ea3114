"""A script asks for two workers, or for reload, and starts one server that knows neither."""

from troubleshoot.testing import Bench, eventually, free_port, get

PARAMETERS = {"workers": "2"}

BROKEN = """\
import asyncio
import os

import uvicorn


async def main():
    development = os.environ.get("ENVIRONMENT") == "development"
    config = uvicorn.Config(
        "main:app",
        port=int(os.environ.get("PORT", "8000")),
        reload=development,
        workers=None if development else 2,
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main())
"""

WRONG = {
    "Server.run() in place of serve()": [
        ("async def main", "def main"),
        ("await uvicorn.Server(config).serve()", "uvicorn.Server(config).run()"),
        ("asyncio.run(main())", "main()"),
    ],
    "uvicorn.run with the application itself": """\
import os

import uvicorn
from main import app

if __name__ == "__main__":
    development = os.environ.get("ENVIRONMENT") == "development"
    port = int(os.environ.get("PORT", "8000"))
    uvicorn.run(app, port=port, reload=development, workers=None if development else 2)
""",
}

FILES = {
    "main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
}


# --- check ---
def check(bench: Bench) -> None:
    import sys

    port = free_port()
    env = {"PORT": str(port)}
    complete = "Application startup complete."
    with bench.process([sys.executable, "serve.py"], port=port, env=env, wait=False) as server:
        assert eventually(lambda: complete in server.log or server.process.poll() is not None, 20)
        assert "Started parent process" in server.log, server.log
        assert eventually(lambda: server.log.count("Started server process") == 2, 20)
        assert get(server.url("/docs"))[0] == 200
    port = free_port()
    env = {"PORT": str(port), "ENVIRONMENT": "development"}
    with bench.process([sys.executable, "serve.py"], port=port, env=env, wait=False) as server:
        assert server.wait_for_log(complete, 20)
        assert "Started reloader process" in server.log
        assert "Will watch for changes" in server.log

        def noticed() -> bool:
            (bench.folder / "main.py").touch()
            return server.wait_for_log("Reloading...", 0.5)

        assert eventually(noticed, 10)

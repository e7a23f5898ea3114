"""A script asks for two workers, or for reload, and starts one server that knows neither."""

from troubleshoot.testing import Bench, eventually, free_port

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

# The server starts its own loop here, and is still only a server.
ATTEMPT = BROKEN.replace("async def", "def").replace(
    "await uvicorn.Server(config).serve()", "uvicorn.Server(config).run()"
)
ATTEMPT = ATTEMPT.replace("asyncio.run(main())", "main()")

FILES = {
    "main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
}
WRONG = {"the first thing tried": ATTEMPT}


# --- check ---
def check(bench: Bench) -> None:
    import sys

    port = free_port()
    env = {"PORT": str(port)}
    with bench.process([sys.executable, "serve.py"], port=port, env=env, wait=False) as server:
        assert server.wait_for_log("Application startup complete.", 20)
        several = eventually(lambda: server.log.count("Started server process") == 2, 5)
    port = free_port()
    env = {"PORT": str(port), "ENVIRONMENT": "development"}
    with bench.process([sys.executable, "serve.py"], port=port, env=env, wait=False) as server:
        assert server.wait_for_log("Application startup complete.", 20)
        assert "Will watch for changes" in server.log

        def noticed() -> bool:
            (bench.folder / "main.py").touch()
            return server.wait_for_log("Reloading...", 0.5)

        assert (several, eventually(noticed, 3)) == (True, True)

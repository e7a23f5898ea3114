"""gunicorn kills the worker while an async endpoint blocks the loop, and the client gets no answer."""

from troubleshoot.testing import Bench, eventually, free_port, get

PARAMETERS = {"path": "/export", "endpoint": "export"}
RETURNED = "    return build_export()\n"
DEFINED = "def build_export() -> dict[str, str]:\n"
WRONG = {
    "async def for the function, too": [(DEFINED, f"async {DEFINED}"), (RETURNED, "    return await build_export()\n")],
    "a pause before it": [
        (RETURNED, f"    await asyncio.sleep(0.1)\n{RETURNED}"),
        ("import time\n", "import asyncio\nimport time\n"),
    ],
}

# --- broken ---
import time

from fastapi import APIRouter

router = APIRouter()


def build_export() -> dict[str, str]:
    time.sleep(5)
    return {"status": "done"}


@router.get("/export")
async def export() -> dict[str, str]:
    return build_export()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import sys

    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "main:app", "-k", "uvicorn.workers.UvicornWorker", "--timeout", "3"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    with bench.process(command, port=port) as server:
        assert eventually(lambda: "Application startup complete" in server.log, 20)
        try:
            status, _, body = get(server.url("/export"), seconds=30)
        except OSError as error:
            raise AssertionError(f"no response: {error!r}\n{server.log}") from error
        assert (status, body) == (200, '{"status":"done"}')
        assert "WORKER TIMEOUT" not in server.log

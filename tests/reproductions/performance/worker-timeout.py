"""gunicorn kills the worker while an async endpoint blocks the loop, and the client gets no answer."""

from troubleshoot.testing import Bench, eventually, free_port, get

PARAMETERS = {"path": "/export", "endpoint": "export"}

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
    command = [sys.executable, "-m", "gunicorn", "main:app", "-k", "uvicorn.workers.UvicornWorker", "--timeout", "2"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    with bench.process(command, port=port) as server:
        assert eventually(lambda: "Application startup complete" in server.log, 20)
        try:
            status = get(server.url("/export"), seconds=20)[0]
        except OSError as error:
            raise AssertionError(f"no answer: {error!r}\n{server.log}") from error
        assert status == 200
        assert "WORKER TIMEOUT" not in server.log

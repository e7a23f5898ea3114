"""A healthy start writes lines that a search for errors finds, on standard error; a real error must still be told."""

from troubleshoot.testing import Bench

FORMAT = '"%(asctime)s %(name)s %(message)s"'
WRONG = {
    "the logger silenced": [
        ("import logging.config\n", 'import logging.config\n\nlogging.getLogger("uvicorn.error").disabled = True\n')
    ],
    "the name left out, and nothing else": [(FORMAT, '"%(asctime)s %(levelname)s uvicorn: %(message)s"')],
    "everything to standard output": [
        (FORMAT, '"%(asctime)s %(levelname)s uvicorn: %(message)s"'),
        ('"logging.StreamHandler", "formatter"', '"logging.StreamHandler", "stream": "ext://sys.stdout", "formatter"'),
    ],
}

# --- broken ---
import logging.config

logging.config.dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(name)s %(message)s"}},
        "handlers": {"line": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {"uvicorn": {"level": "INFO", "handlers": ["line"], "propagate": False}},
    }
)

# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def home() -> str:
    return "ok"


@app.get("/fail")
async def fail() -> None:
    raise RuntimeError("on purpose")


# --- check ---
def check(bench: Bench) -> None:
    import re
    import sys

    from troubleshoot.testing import eventually, free_port, get

    port = free_port()
    # The bench sees standard output alone; standard error goes to a file of its own.
    script = f"exec {sys.executable} -m uvicorn main:app --port {port} 2>errors.log"
    with bench.process(["sh", "-c", script], port=port) as server:
        errors = bench.folder / "errors.log"
        assert eventually(lambda: "Application startup complete" in server.log + errors.read_text())
        assert get(server.url("/"))[0] == 200
        seen = server.log + errors.read_text()
        if not bench.fixed:
            assert "uvicorn.error Application startup complete" in seen
        assert re.search("error", seen, re.IGNORECASE) is None, seen
        assert errors.read_text() == ""
        assert "INFO uvicorn: Application startup complete." in server.log
        assert get(server.url("/fail"))[0] == 500
        assert eventually(lambda: "RuntimeError: on purpose" in errors.read_text()), errors.read_text()
        assert re.search(r" ERROR uvicorn: Exception in ASGI application", errors.read_text()), errors.read_text()
        assert "RuntimeError" not in server.log

"""A helper adds a handler at each call, and the root logger has one as well: lines are doubled, and then more."""

from troubleshoot.testing import Bench

PARAMETERS = {"package": "shop"}

FILES = {
    "run.py": """\
import sys

import main  # a script that needs something of the application before the server does
import uvicorn

main.get_logger("shop").info("starting")
uvicorn.run("main:app", port=int(sys.argv[1]))
"""
}

HANDLER = "    handler = logging.StreamHandler()\n"
WRONG = {
    "propagate = False in the helper": [(HANDLER, "    logger.propagate = False\n" + HANDLER)],
    "a handler only where there is none": [(HANDLER, "    if logger.handlers:\n        return logger\n" + HANDLER)],
    "the server's loggers without handlers, too": """\
import logging
import logging.config

NAMED = ("shop", "uvicorn", "uvicorn.error", "uvicorn.access")
logging.config.dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": dict.fromkeys(NAMED, {"handlers": [], "propagate": True}),
    }
)


def get_logger(name: str) -> logging.Logger:
    return logging.getLogger(name)


""",
    "no basicConfig": [('logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")\n', "")],
}

# --- broken ---
import logging

logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")


def get_logger(name: str) -> logging.Logger:
    logger = logging.getLogger(name)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    return logger


logging.getLogger("uvicorn.access").addHandler(logging.StreamHandler())

# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def home() -> str:
    get_logger("shop").info("home was asked for")
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import sys

    from troubleshoot.testing import free_port, get

    port = free_port()
    with bench.process([sys.executable, "run.py", str(port)], port=port) as server:
        for _ in range(2):
            assert get(server.url("/"))[0] == 200
        assert server.wait_for_log('"GET / HTTP/1.1" 200')
    lines = server.log.splitlines()
    counts = [
        sum(text in line for line in lines)
        for text in ("starting", "home was asked for", '"GET / HTTP/1.1" 200', "Application startup complete")
    ]
    assert counts == [1, 2, 2, 1], server.log
    assert sum(" INFO shop: " in line for line in lines) == 3, server.log
    with bench.server("--no-access-log") as server:
        assert get(server.url("/"))[0] == 200
        assert server.wait_for_log("home was asked for")
    assert "GET /" not in server.log, "what was said to the server about its lines counts no longer"

"""The application's logging set-up disables the server's loggers: no request is logged, no traceback either."""

from troubleshoot.testing import Bench

ROOT = '        "root": {"level": "INFO", "handlers": ["stderr"]},\n    }\n)\n'
WRONG = {
    "the levels set again": [
        (
            ROOT,
            ROOT
            + 'for name in ("uvicorn.access", "uvicorn.error"):\n    logging.getLogger(name).setLevel(logging.INFO)\n',
        )
    ],
    "the access logger alone enabled again": [(ROOT, ROOT + 'logging.getLogger("uvicorn.access").disabled = False\n')],
    "a handler for the access logger": [
        (ROOT, ROOT + 'logging.getLogger("uvicorn.access").addHandler(logging.StreamHandler())\n')
    ],
}

# --- broken ---
import logging.config

logging.config.dictConfig(
    {
        "version": 1,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
    }
)

# --- application ---
from fastapi import FastAPI

app = FastAPI()
logger = logging.getLogger("shop")


@app.get("/")
async def home() -> str:
    return "ok"


@app.get("/health")
async def health() -> str:
    return "ok"


@app.get("/fail")
async def fail() -> None:
    raise RuntimeError("on purpose")


@app.get("/last")
async def last() -> str:
    logger.info("that was all")
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    from troubleshoot.testing import get

    with bench.server() as server:
        assert [get(server.url(path))[0] for path in ("/", "/health", "/fail", "/last")] == [200, 200, 500, 200]
        assert server.wait_for_log("that was all")
        if bench.fixed:
            assert server.wait_for_log('"GET /last HTTP/1.1" 200'), server.log
        log = server.log
    if not bench.fixed:
        assert "uvicorn" not in log.lower()
    assert "RuntimeError: on purpose" in log
    assert [log.count(f'"GET {path} HTTP/1.1"') for path in ("/", "/health", "/fail", "/last")] == [1, 0, 1, 1], log

"""An application has a lifespan and start-up events, and the events never run."""

from troubleshoot.testing import Bench

WRONG = {
    "the handlers named beside the lifespan": [
        (
            "app = FastAPI(lifespan=lifespan)\n",
            """\
async def start() -> None:
    log.append("started")


app = FastAPI(lifespan=lifespan, on_startup=[start])
""",
        )
    ],
    "the handlers added to the router": [
        ('@app.on_event("startup")', '@app.router.on_event("startup")'),
        ('@app.on_event("shutdown")', '@app.router.on_event("shutdown")'),
    ],
    "only the start moved into the lifespan": [("    yield\n", "    await connect()\n    yield\n")],
}

# --- broken ---
from contextlib import asynccontextmanager

from fastapi import FastAPI

log: list[str] = []


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")
async def connect() -> None:
    log.append("started")


@app.on_event("shutdown")
async def disconnect() -> None:
    log.append("stopped")


# --- application ---
@app.get("/log")
async def read_log() -> list[str]:
    return log


# --- check ---
def check(bench: Bench) -> None:
    import warnings

    from fastapi.testclient import TestClient

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        module = bench.load()
    with TestClient(module.app) as client:
        assert client.get("/log").json() == ["started"]
    assert module.log == ["started", "stopped"]

"""An application has a lifespan and start-up events, and the events never run."""

from troubleshoot.testing import Bench

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

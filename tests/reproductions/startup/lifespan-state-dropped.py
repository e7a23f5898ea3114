"""A library adds its lifespan to an application by wrapping the one that is there, whose state is lost."""

from troubleshoot.testing import Bench

WRONG = {
    "the state of the added lifespan alone": [
        (
            "        async with inner(app), added(app):\n            yield",
            "        async with inner(app), added(app) as state:\n            yield state",
        )
    ],
    "the state of the inner lifespan alone": [
        (
            "        async with inner(app), added(app):\n            yield",
            "        async with inner(app) as state, added(app):\n            yield state",
        )
    ],
}

# --- broken ---
from contextlib import asynccontextmanager

from fastapi import FastAPI


def add_lifespan(app, added):
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def both(app):
        async with inner(app), added(app):
            yield

    app.router.lifespan_context = both


# --- application ---
from fastapi import FastAPI, Request

events = []


@asynccontextmanager
async def lifespan(app: FastAPI):
    events.append("started")
    yield {"rates": 10}
    events.append("stopped")


@asynccontextmanager
async def plugin(app: FastAPI):
    yield {"plugin": "ready"}


@asynccontextmanager
async def without_state(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
add_lifespan(app, plugin)
add_lifespan(app, without_state)


@app.get("/")
async def home(request: Request):
    return [request.state.rates, request.state.plugin]


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    from troubleshoot.testing import get

    with bench.server() as server:
        status, _, body = get(server.url("/"))
        if not bench.fixed:
            assert server.wait_for_log("'State' object has no attribute")
    assert (status, body) == (200, '[10,"ready"]')
    module = bench.load()
    with TestClient(module.app):
        assert module.events == ["started"]
    assert module.events == ["started", "stopped"]

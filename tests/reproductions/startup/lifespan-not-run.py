"""A mounted application prepares itself in its lifespan, which the server never starts."""

from troubleshoot.testing import Bench, get

WRONG = {
    "the lifespan given to the outer application": [("app = FastAPI()", "app = FastAPI(lifespan=api_lifespan)")],
    "a start-up event of the mounted application": [
        (
            "app = FastAPI()",
            'api.router.add_event_handler("startup", lambda: setattr(api.state, "ready", True))\napp = FastAPI()',
        )
    ],
    "the inner lifespan entered, and what it yields dropped": [
        (
            "app = FastAPI()",
            """\
@asynccontextmanager
async def lifespan(app):
    async with api.router.lifespan_context(api):
        yield


app = FastAPI(lifespan=lifespan)""",
        )
    ],
}

# --- broken ---
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def api_lifespan(app: FastAPI):
    app.state.ready = True
    yield {"pool": "open"}
    app.state.ready = False


api = FastAPI(lifespan=api_lifespan)
app = FastAPI()
app.mount("/api", api)


# --- application ---
from fastapi import Request


@api.get("/ready")
async def ready(request: Request) -> list[bool | str]:
    return [request.app.state.ready, request.state.pool]


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    with bench.server() as server:
        status, _, body = get(server.url("/api/ready"))
        assert "'State' object has no attribute" not in server.log
    assert (status, body) == (200, '[true,"open"]')
    module = bench.load()
    with TestClient(module.app):
        assert module.api.state.ready is True
    assert module.api.state.ready is False

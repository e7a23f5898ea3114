"""A mounted application prepares itself in its lifespan, which the server never starts."""

from troubleshoot.testing import Bench, get

# --- broken ---
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def api_lifespan(app: FastAPI):
    app.state.ready = True
    yield
    app.state.ready = False


api = FastAPI(lifespan=api_lifespan)
app = FastAPI()
app.mount("/api", api)


# --- application ---
@api.get("/ready")
async def ready() -> bool:
    return api.state.ready


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, _, body = get(server.url("/api/ready"))
        assert "'State' object has no attribute" not in server.log
    assert (status, body) == (200, "true")

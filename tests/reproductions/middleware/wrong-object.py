"""An instance instead of a class: start-up is skipped in silence, and every request fails."""

from troubleshoot.testing import Bench, get

# --- broken ---
from fastapi import FastAPI, Request


class VersionHeaderMiddleware:
    def __init__(self, version: str) -> None:
        self.version = version

    async def __call__(self, scope, receive, send):
        pass


app = FastAPI()
app.add_middleware(VersionHeaderMiddleware(version="1.0"))


# --- application ---
@app.get("/")
async def read_root() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, headers, _ = get(server.url("/"))
        assert (status, headers.get("x-api-version")) == (200, "1.0")
        assert "lifespan' protocol appears unsupported" not in server.log
    assert "TypeError" not in server.log

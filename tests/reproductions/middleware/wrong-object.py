"""An instance instead of a class: start-up is skipped in silence, and every request fails."""

from troubleshoot.testing import Bench, get

ADDED = 'app.add_middleware(VersionHeaderMiddleware(app, version="1.0"))'
WRONG = {
    "the application as first argument": [(ADDED, 'app.add_middleware(VersionHeaderMiddleware, app, version="1.0")')],
    "the instance under app.middleware": [
        (ADDED, 'app.middleware("http")(VersionHeaderMiddleware(app, version="1.0"))')
    ],
}

# --- broken ---
from fastapi import FastAPI, Request
from starlette.middleware.base import BaseHTTPMiddleware


class VersionHeaderMiddleware(BaseHTTPMiddleware):
    def __init__(self, app, version: str) -> None:
        super().__init__(app)
        self.version = version

    async def dispatch(self, request: Request, call_next):
        response = await call_next(request)
        response.headers["x-api-version"] = self.version
        return response


app = FastAPI()
app.add_middleware(VersionHeaderMiddleware(app, version="1.0"))


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

"""Entries with a scheme or a port match no request, so every request is answered 400."""

from troubleshoot.testing import Bench, get

LISTED = '["https://api.example.com", "localhost:8000"]'
WRONG = {
    "every host": [(LISTED, '["*"]')],
    "the public name alone": [(LISTED, '["api.example.com"]')],
}

# --- broken ---
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

app = FastAPI()
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["https://api.example.com", "localhost:8000"])


# --- application ---
@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        ours = ("api.example.com", "localhost:8000", f"127.0.0.1:{server.port}")
        others = ("evil.example", "api.example.com.evil.example")
        found = {host: get(server.url("/health"), headers={"Host": host})[::2] for host in (*ours, *others)}
    assert list(found.values()) == [(200, '"ok"')] * 3 + [(400, "Invalid host header")] * 2, found

"""Entries with a scheme or a port match no request, so every request is answered 400."""

from troubleshoot.testing import Bench, get

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
        answers = {
            host: get(server.url("/health"), headers={"Host": host})[0]
            for host in ("api.example.com", "localhost:8000", f"127.0.0.1:{server.port}", "evil.example")
        }
    assert list(answers.values()) == [200, 200, 200, 400], answers

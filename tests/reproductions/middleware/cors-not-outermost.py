"""A key check outside CORSMiddleware refuses the preflight, and its refusals have no CORS headers."""

from troubleshoot.testing import Bench, get

WRONG = {
    "letting OPTIONS through": [
        ('if request.headers.get("x-api-key")', 'if request.method != "OPTIONS" and request.headers.get("x-api-key")')
    ],
    "every origin and header": [
        ('allow_origins=["http://localhost:3000"]', 'allow_origins=["*"]'),
        ('allow_headers=["X-API-Key"]', 'allow_headers=["*"]'),
    ],
}

# --- broken ---
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=["http://localhost:3000"], allow_methods=["*"], allow_headers=["X-API-Key"]
)


@app.middleware("http")
async def require_key(request: Request, call_next):
    if request.headers.get("x-api-key") != "secret":
        return JSONResponse({"detail": "a valid X-API-Key is needed"}, status_code=401)
    return await call_next(request)


# --- application ---
@app.get("/items")
async def read_items() -> list[str]:
    return ["one"]


# --- check ---
def check(bench: Bench) -> None:
    page = {"Origin": "http://localhost:3000"}
    asks = {**page, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-api-key"}
    with bench.server(env={"API_KEY": "secret"}) as server:
        status, headers, body = get(server.url("/items"), headers={**page, "X-API-Key": "secret"})
        assert (status, body) == (200, '["one"]')
        status, headers, _ = get(server.url("/items"), headers=asks, method="OPTIONS")
        assert (status, headers.get("access-control-allow-origin")) == (200, "http://localhost:3000")
        status, headers, _ = get(server.url("/items"), headers=page)
        assert (status, headers.get("access-control-allow-origin")) == (401, "http://localhost:3000")
        status, headers, _ = get(server.url("/items"), headers={"Origin": "https://evil.example"})
        assert (status, headers.get("access-control-allow-origin")) == (401, None)

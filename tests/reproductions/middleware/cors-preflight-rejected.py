"""CORS headers that are set by hand do not answer a preflight: the route allows no OPTIONS."""

from troubleshoot.testing import Bench, get

WRONG = {
    "an OPTIONS endpoint by hand": [
        (
            '@app.delete("/items/{item_id}")',
            """@app.options("/{path:path}")
async def answer_preflights(path: str) -> None:
    pass


@app.delete("/items/{item_id}")""",
        )
    ],
    "CORSMiddleware with its defaults": """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["http://localhost:3000"])


""",
}

# --- broken ---
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def add_cors_headers(request: Request, call_next):
    response = await call_next(request)
    response.headers["Access-Control-Allow-Origin"] = "http://localhost:3000"
    response.headers["Access-Control-Allow-Methods"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "*"
    return response


# --- application ---
@app.delete("/items/{item_id}")
async def delete_item(item_id: int) -> int:
    return item_id


# --- check ---
def check(bench: Bench) -> None:
    page = {"Origin": "http://localhost:3000"}
    asks = {**page, "Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "authorization"}
    with bench.server() as server:
        status, headers, _ = get(server.url("/items/1"), headers=page, method="DELETE")
        assert (status, headers.get("access-control-allow-origin")) == (200, "http://localhost:3000")
        status, headers, _ = get(server.url("/items/1"), headers=asks, method="OPTIONS")
        assert (status, headers.get("access-control-allow-origin")) == (200, "http://localhost:3000")
        assert "DELETE" in headers["access-control-allow-methods"]
        assert "authorization" in headers["access-control-allow-headers"].lower()

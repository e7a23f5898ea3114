"""A middleware on a mounted application does not act on the requests of the outer one."""

from troubleshoot.testing import Bench, get

# --- broken ---
import uuid

from fastapi import FastAPI, Request

api = FastAPI()
app = FastAPI()
app.mount("/api", api)


@api.middleware("http")
async def add_request_id(request: Request, call_next):
    request.state.request_id = uuid.uuid4().hex
    response = await call_next(request)
    response.headers["x-request-id"] = request.state.request_id
    return response


# --- application ---
@api.get("/items")
async def read_items() -> list[str]:
    return ["one"]


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, headers, body = get(server.url("/api/items"))
        assert (status, body) == (200, '["one"]')
        assert "x-request-id" in headers
        status, headers, body = get(server.url("/health"))
        assert (status, body) == (200, '"ok"')
        assert "x-request-id" in headers

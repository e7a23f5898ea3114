"""A middleware on a mounted application does not act on the requests of the outer one."""

from troubleshoot.testing import Bench, get

MOUNT = 'app.mount("/api", api)\n'
RETURN = "    return response\n"
WRONG = {
    "mounting below the middleware": [(MOUNT, ""), (RETURN, f"{RETURN}\n\n{MOUNT}")],
    "include_router in place of mount": [
        (MOUNT, ""),
        ('@app.get("/health")', 'app.include_router(api.router, prefix="/api")\n\n\n@app.get("/health")'),
    ],
}

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

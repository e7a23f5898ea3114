"""A middleware that returns nothing on one of its ways makes a good response a 500."""

from troubleshoot.testing import Bench, get

LAST = """        logger.info("%s: %d", request.url.path, response.status_code)
        return response
"""
WRONG = {
    "call_next once more at the end": [(LAST, f"{LAST}    return await call_next(request)\n")],
    "an empty response at the end": [
        (LAST, f"{LAST}    return Response()\n"),
        ("from fastapi import FastAPI, Request", "from fastapi import FastAPI, Request, Response"),
    ],
    "a dict at the end": [(LAST, f'{LAST}    return {{"detail": "ok"}}\n')],
}

# --- broken ---
import logging

from fastapi import FastAPI, Request

logger = logging.getLogger(__name__)

app = FastAPI()


@app.middleware("http")
async def log_api_calls(request: Request, call_next):
    response = await call_next(request)
    if request.url.path.startswith("/api/"):
        logger.info("%s: %d", request.url.path, response.status_code)
        return response


# --- application ---
@app.get("/api/items")
async def read_items() -> list[str]:
    return ["one"]


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/api/items"))[::2] == (200, '["one"]')
        assert get(server.url("/health"))[::2] == (200, '"ok"')
    assert "object is not callable" not in server.log

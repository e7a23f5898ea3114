"""A middleware that joins the pieces of an answer for its log holds a stream back until its end."""

from troubleshoot.testing import Bench

# --- broken ---
import logging

from fastapi import Request, Response
from starlette.middleware.base import BaseHTTPMiddleware

logger = logging.getLogger(__name__)


class LogSizeMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        response = await call_next(request)
        body = b"".join([piece async for piece in response.body_iterator])
        logger.info("%s: %d bytes", request.url.path, len(body))
        return Response(body, response.status_code, dict(response.headers))


# --- application ---
import asyncio

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()
app.add_middleware(LogSizeMiddleware)


async def tell() -> object:
    yield "data: once\n\n"
    await asyncio.sleep(2)
    yield "data: upon\n\n"


@app.get("/story")
async def stream_story() -> StreamingResponse:
    return StreamingResponse(tell(), media_type="text/event-stream")


# --- check ---
def check(bench: Bench) -> None:
    import time
    import urllib.request

    with bench.server() as server:
        started = time.monotonic()
        with urllib.request.urlopen(server.url("/story"), timeout=10) as response:
            first = response.readline()
            waited = time.monotonic() - started
            rest = response.read()
        assert (first, rest) == (b"data: once\n", b"\ndata: upon\n\n")
        assert waited < 1.2, f"the first event came after {waited:.1f} s"

"""A middleware that joins the pieces of a response for its log holds a stream back until its end."""

from troubleshoot.testing import Bench

COLLECTED = """        body = b"".join([piece async for piece in response.body_iterator])
        logger.info("%s: %d bytes", request.url.path, len(body))
        return Response(body, response.status_code, dict(response.headers))
"""
WRONG = {
    "a StreamingResponse of the collected pieces": [
        ("        return Response(body,", "        return StreamingResponse(iter([body]),"),
        (
            "from fastapi import Request, Response",
            "from fastapi import Request, Response\nfrom fastapi.responses import StreamingResponse",
        ),
    ],
    "the size from Content-Length": [
        (
            COLLECTED,
            """        logger.info("%s: %s bytes", request.url.path, response.headers.get("content-length"))
        return response
""",
        )
    ],
    "no log of streams": [
        (
            COLLECTED,
            f"""        if response.headers["content-type"].startswith("text/event-stream"):
            return response
{COLLECTED}""",
        )
    ],
}

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
from contextlib import suppress

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

logging.basicConfig(level=logging.INFO)
app = FastAPI()
app.add_middleware(LogSizeMiddleware)
heard = asyncio.Event()


async def tell() -> object:
    yield "data: once\n\n"
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(heard.wait(), 3)
    yield "data: upon\n\n" if heard.is_set() else "data: nobody hears me\n\n"


@app.get("/story")
async def stream_story() -> StreamingResponse:
    return StreamingResponse(tell(), media_type="text/event-stream")


@app.post("/heard")
async def hear() -> None:
    heard.set()


# --- check ---
def check(bench: Bench) -> None:
    import urllib.request

    from troubleshoot.testing import get

    with bench.server() as server:
        with urllib.request.urlopen(server.url("/story"), timeout=20) as response:
            first = response.readline()
            assert get(server.url("/heard"), method="POST")[0] == 200
            rest = response.read()
        assert (first, rest) == (b"data: once\n", b"\ndata: upon\n\n")
        assert server.wait_for_log(f"{len(first + rest)} bytes", 3)

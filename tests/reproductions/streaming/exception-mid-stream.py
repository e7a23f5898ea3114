"""An error in the generator of a stream: status 200, and the connection is cut."""

from troubleshoot.testing import Bench, get

STREAM = '    return StreamingResponse(events(name), media_type="text/event-stream")\n'
LOOP = """    for number in SOURCES[name]:
        yield f"data: {10 // number}\\n\\n"
"""
WRONG = {
    "try around the StreamingResponse": [
        (
            STREAM,
            f"    try:\n    {STREAM}    except ZeroDivisionError as error:\n        raise HTTPException(500) from error\n",
        )
    ],
    "HTTPException in the generator": [
        (
            LOOP,
            "    try:\n"
            + LOOP.replace("    ", "        ", 1).replace("\n    ", "\n        ")
            + "    except ZeroDivisionError as error:\n        raise HTTPException(500) from error\n",
        )
    ],
    "an end as if all were well": [
        (
            LOOP,
            "    try:\n"
            + LOOP.replace("    ", "        ", 1).replace("\n    ", "\n        ")
            + "    except ZeroDivisionError:\n        return\n",
        )
    ],
}

# --- broken ---
from fastapi import APIRouter, HTTPException
from fastapi.responses import StreamingResponse

router = APIRouter()
SOURCES = {"good": [1, 2], "bad": [1, 0]}


async def events(name):
    if name not in SOURCES:
        raise HTTPException(404)
    for number in SOURCES[name]:
        yield f"data: {10 // number}\n\n"


@router.get("/events/{name}")
async def stream_events(name: str) -> StreamingResponse:
    return StreamingResponse(events(name), media_type="text/event-stream")


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from http.client import IncompleteRead

    def ask(name: str) -> tuple[int, str]:
        try:
            status, _, body = get(server.url(f"/events/{name}"))
        except IncompleteRead:
            return 0, "cut off"
        return status, body

    with bench.server() as server:
        answers = {name: ask(name) for name in ("good", "bad", "unknown")}
        if not bench.fixed:
            assert server.wait_for_log("Caught handled exception, but response already started.")
        assert answers["bad"] == (200, "data: 10\n\nevent: failed\ndata: The stream broke off\n\n")
        assert answers["unknown"] == (404, '{"detail":"Not found"}')
        assert answers["good"] == (200, "data: 10\n\ndata: 5\n\nevent: done\ndata:\n\n")
        assert server.wait_for_log("ZeroDivisionError"), "the error is not logged"
        assert "Exception in ASGI application" not in server.log

"""An error in the generator of a stream: status 200, and the connection is cut."""

from troubleshoot.testing import Bench, get

ATTEMPT = """
from fastapi import APIRouter, HTTPException
from fastapi.responses import StreamingResponse

router = APIRouter()
SOURCES = {"good": [1, 2], "bad": [1, 0]}


async def events(name):
    if name not in SOURCES:
        raise HTTPException(404)
    for number in SOURCES[name]:
        yield f"data: {10 // number}\\n\\n"


@router.get("/events/{name}")
async def stream_events(name: str) -> StreamingResponse:
    try:
        return StreamingResponse(events(name), media_type="text/event-stream")
    except ZeroDivisionError as error:
        raise HTTPException(500) from error
"""
WRONG = {"the first thing tried": ATTEMPT}

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
        assert answers["good"][1].startswith("data: 10\n\ndata: 5\n\n")
        assert answers["bad"][0] == 200
        assert "event: error" in answers["bad"][1]
        assert answers["unknown"][0] == 404

"""Without a source the dependency never yields, and after an error it yields again; both end in a RuntimeError."""

from troubleshoot.testing import Bench, get

FIRST = ("    if not source:\n        return\n", "    if not source:\n        yield None\n        return\n")
WRONG = {
    "a yield on each way, the one in except left": [FIRST],
    "pass in place of the second yield": [FIRST, ("        yield None\n    finally", "        pass\n    finally")],
    "a retry around the yield": [
        ("    try:\n        yield feed\n", "    try:\n        while True:\n            yield feed\n"),
        FIRST,
    ],
}

# --- broken ---
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

router = APIRouter()


class Feed:
    def __init__(self, source: str) -> None:
        self.lines = {1: f"news from {source}"}

    async def close(self) -> None: ...


async def get_feed(source: str = "") -> AsyncIterator[Feed | None]:
    if not source:
        return
    feed = Feed(source)
    try:
        yield feed
    except HTTPException:
        yield None
    finally:
        await feed.close()


@router.get("/news")
async def read_news(feed: Annotated[Feed | None, Depends(get_feed)], line: int = 1) -> str:
    if feed is None:
        return "no news"
    if line not in feed.lines:
        raise HTTPException(404, "There is no such line.")
    return feed.lines[line]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/news?source=ann"))[2] == '"news from ann"'
        answers = {query: get(server.url(f"/news{query}"))[0] for query in ("", "?source=ann&line=7")}
    assert "generator didn't" not in server.log, server.log
    assert answers == {"": 200, "?source=ann&line=7": 404}

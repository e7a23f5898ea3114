"""Four independent calls run one at a time, because each one waits for the one before."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/dashboard", "endpoint": "read_dashboard"}
GROUP = """    async with asyncio.TaskGroup() as group:
        tasks = {part: group.create_task(fetch(part, user)) for part in PARTS}
    return {part: task.result() for part, task in tasks.items()}
"""
WRONG = {
    "create_task, awaited at once": [("await fetch(part, user)", "await asyncio.create_task(fetch(part, user))")],
    "gather, once for each call": [("await fetch(part, user)", "(await asyncio.gather(fetch(part, user)))[0]")],
    "a task group, which wraps the 404": [("    return {part: await fetch(part, user) for part in PARTS}\n", GROUP)],
}

# --- broken ---
import asyncio

from fastapi import APIRouter, HTTPException

router = APIRouter()
PARTS = ("orders", "stock", "news", "weather")


async def fetch(part: str, user: str) -> str:
    await asyncio.sleep(0.7)
    if user == "nobody":
        raise HTTPException(404, "no such user")
    return f"{part} of {user}"


@router.get("/dashboard")
async def read_dashboard(user: str) -> dict[str, str]:
    return {part: await fetch(part, user) for part in PARTS}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
sleep = asyncio.sleep
running: set[object] = set()
counts: list[int] = []


async def counted(seconds: float) -> None:
    call = object()
    if seconds == 0.7:
        running.add(call)
        counts.append(len(running))
    try:
        await sleep(min(seconds, 0.1))
    finally:
        running.discard(call)


asyncio.sleep = counted


@app.get("/most")
async def read_most() -> int:
    return max(counts)


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        status, _, body = get(server.url("/dashboard?user=ada"))
        assert status == 200
        assert json.loads(body) == {part: f"{part} of ada" for part in ("orders", "stock", "news", "weather")}
        assert get(server.url("/dashboard?user=nobody"))[::2] == (404, '{"detail":"no such user"}')
        assert get(server.url("/most"))[2] == "4", "calls that do not need each other waited for each other"

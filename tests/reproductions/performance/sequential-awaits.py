"""Four independent calls of 0.7 s take 2.8 s, because each one waits for the one before."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/dashboard", "endpoint": "read_dashboard"}

# --- broken ---
import asyncio

from fastapi import APIRouter

router = APIRouter()


async def fetch(part: str) -> str:
    await asyncio.sleep(0.7)
    return f"{part}: ok"


@router.get("/dashboard")
async def read_dashboard() -> dict[str, str]:
    return {part: await fetch(part) for part in ("orders", "stock", "news", "weather")}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/health")
async def read_health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import json
    import time

    with bench.server() as server:
        assert get(server.url("/health"))[0] == 200
        started = time.monotonic()
        answer = json.loads(get(server.url("/dashboard"))[2])
        took = time.monotonic() - started
    assert answer == {part: f"{part}: ok" for part in ("orders", "stock", "news", "weather")}
    assert took < 2.1, f"{took:.2f} s for calls of 0.7 s that do not need each other"

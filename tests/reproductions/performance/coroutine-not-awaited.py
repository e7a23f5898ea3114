"""The endpoint answers 200, but the coroutine it called never ran, and Python warns about it."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/entries", "endpoint": "create_entry", "coroutine": "save_entry"}
CALL = "    save_entry(text)\n"
WRONG = {
    "asyncio.create_task": [(CALL, "    asyncio.create_task(save_entry(text))\n")],
    "asyncio.run": [(CALL, "    asyncio.run(save_entry(text))\n")],
    "a filter for the warning": [
        (CALL, f"    warnings.simplefilter('ignore')\n{CALL}"),
        ("import asyncio\n", "import asyncio\nimport warnings\n"),
    ],
}

# --- broken ---
import asyncio

from fastapi import APIRouter

router = APIRouter()
entries: list[str] = []


async def save_entry(text: str) -> int:
    await asyncio.sleep(0)
    entries.append(text)
    return len(entries)


@router.post("/entries")
async def create_entry(text: str) -> dict[str, int]:
    save_entry(text)
    return {"number": len(entries)}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/entries")
async def read_entries() -> list[str]:
    return entries


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, _, body = get(server.url("/entries?text=hello"), method="POST")
        saved = get(server.url("/entries"))[2]
    assert "was never awaited" not in server.log, server.log
    assert (status, body) == (200, '{"number":1}')
    assert saved == '["hello"]'

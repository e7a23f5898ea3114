"""A decorator hides the endpoint's signature: every request is answered 422, because args and kwargs are missing."""

from troubleshoot.testing import Bench, get

WRONG = {
    "the name of the function alone": [
        ("    return wrapper\n", "    wrapper.__name__ = function.__name__\n    return wrapper\n"),
    ],
    "the decorator above the route": [
        ('@router.get("/items/{item_id}")\n@timed\n', '@timed\n@router.get("/items/{item_id}")\n'),
    ],
    "args and kwargs with defaults": [("wrapper(*args, **kwargs)", "wrapper(args=(), kwargs={})")],
    "a wrapper that does not await": [
        ("    async def wrapper", "    @functools.wraps(function)\n    def wrapper"),
        ("return await function", "return function"),
        ("import time\n", "import functools\nimport time\n"),
    ],
}

# --- broken ---
import time

from fastapi import APIRouter

router = APIRouter()


def timed(function):
    async def wrapper(*args, **kwargs):
        started = time.perf_counter()
        try:
            return await function(*args, **kwargs)
        finally:
            print(f"{function.__name__} took {time.perf_counter() - started:.3f} s")

    return wrapper


@router.get("/items/{item_id}")
@timed
async def read_item(item_id: int) -> dict[str, int]:
    return {"item_id": item_id}


# --- application ---
import asyncio
import logging

from fastapi import FastAPI

logging.basicConfig(level=logging.INFO)
app = FastAPI()
app.include_router(router)


@app.get("/slow")
@timed
async def slow() -> None:
    await asyncio.sleep(0.2)


# --- check ---
def check(bench: Bench) -> None:
    import json
    import re

    with bench.server() as server:
        status, _, body = get(server.url("/items/3"))
        assert '["query","args"]' not in body
        assert (status, body) == (200, '{"item_id":3}')
        assert server.wait_for_log("read_item took"), "the decorator does nothing any more"
        get(server.url("/slow"))
        assert server.wait_for_log("slow took")
        assert float(re.findall(r"slow took (\S+) s", server.log)[0]) > 0.1, "the time of making the coroutine alone"
        operation = json.loads(get(server.url("/openapi.json"))[2])["paths"]["/items/{item_id}"]["get"]
        assert [parameter["name"] for parameter in operation["parameters"]] == ["item_id"]

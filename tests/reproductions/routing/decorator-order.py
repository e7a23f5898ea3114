"""A limit above the route's decorator is never asked; one below a cache counts the first call only."""

from troubleshoot.testing import Bench, get

DECORATORS = """
import functools
from collections import Counter

from fastapi import HTTPException


def limited(calls):
    def decorate(function):
        seen = Counter()

        @functools.wraps(function)
        async def wrapper(request, **kwargs):
            seen[request.client.host] += 1
            if seen[request.client.host] > calls:
                raise HTTPException(429)
            return await function(request=request, **kwargs)

        return wrapper

    return decorate


def cached(function):
    answers = {}

    @functools.wraps(function)
    async def wrapper(request, **kwargs):
        key = str(request.url)
        if key not in answers:
            answers[key] = await function(request=request, **kwargs)
        return answers[key]

    return wrapper
"""
FILES = {"decorators.py": DECORATORS}
ORDER = """\
@limited(calls=2)
@router.get("/report")
@cached
"""
WRONG = {
    "the cache above the limit": [(ORDER, '@router.get("/report")\n@cached\n@limited(calls=2)\n')],
    "the limit below, the cache left out": [(ORDER, '@router.get("/report")\n@limited(calls=2)\n')],
    "the limit a second time, below the cache": [
        (ORDER, '@limited(calls=2)\n@router.get("/report")\n@cached\n@limited(calls=2)\n')
    ],
}

# --- broken ---
import time

from decorators import cached, limited
from fastapi import APIRouter, Request

router = APIRouter()


@limited(calls=2)
@router.get("/report")
@cached
async def report(request: Request) -> dict[str, int]:
    return {"made": time.time_ns()}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/items/{item_id}")
@limited(calls=2)
@cached
async def item(item_id: int, request: Request) -> int:
    return item_id


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/items/3"))[2] == "3", "the request need not be the first parameter"
        answers = [get(server.url("/report")) for _ in range(6)]
    assert {status for status, _, _ in answers} == {200, 429}
    assert len({body for status, _, body in answers if status == 200}) == 1

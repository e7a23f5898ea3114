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
        async def wrapper(request, *args, **kwargs):
            seen[request.client.host] += 1
            if seen[request.client.host] > calls:
                raise HTTPException(429)
            return await function(request, *args, **kwargs)

        return wrapper

    return decorate


def cached(function):
    answers = {}

    @functools.wraps(function)
    async def wrapper(request, *args, **kwargs):
        key = str(request.url)
        if key not in answers:
            answers[key] = await function(request, *args, **kwargs)
        return answers[key]

    return wrapper
"""
FILES = {"decorators.py": DECORATORS}
ATTEMPT = """
import time

from fastapi import APIRouter, Request

from decorators import cached, limited

router = APIRouter()


@router.get("/report")
@cached
@limited(calls=2)
async def report(request: Request) -> dict[str, str]:
    return {"made": time.ctime()}
"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
import time

from decorators import cached, limited
from fastapi import APIRouter, Request

router = APIRouter()


@limited(calls=2)
@router.get("/report")
@cached
async def report(request: Request) -> dict[str, str]:
    return {"made": time.ctime()}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        answers = [get(server.url("/report")) for _ in range(6)]
        assert 429 in {status for status, _, _ in answers}
        assert len({body for status, _, body in answers if status == 200}) == 1

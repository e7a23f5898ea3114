"""Parents that go round in a circle, and a chain that is deeper than Python's stack."""

from troubleshoot.testing import Bench, get

WRONG = {
    "a higher recursion limit": [
        ("router = APIRouter()\n", "sys.setrecursionlimit(3000)\nrouter = APIRouter()\n"),
        ("from fastapi import APIRouter\n", "import sys\n\nfrom fastapi import APIRouter\n"),
    ],
    "except RecursionError": [
        (
            "    return ancestors(category)\n",
            "    try:\n        return ancestors(category)\n    except RecursionError:\n        return []\n",
        ),
    ],
    "a cache on the function": [
        ("def ancestors", "@cache\ndef ancestors"),
        ("from fastapi import APIRouter\n", "from functools import cache\n\nfrom fastapi import APIRouter\n"),
    ],
}

# --- broken ---
from fastapi import APIRouter

router = APIRouter()
PARENTS = {1: 3, 2: 1, 3: 2, 10: None, **{number: number - 1 for number in range(11, 5_001)}}


def ancestors(category):
    return [] if category is None else [category, *ancestors(PARENTS[category])]


@router.get("/categories/{category}")
def read_path(category: int) -> list[int]:
    return ancestors(category)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        answers = [get(server.url(f"/categories/{number}")) for number in (12, 1, 5_000)]
        if answers[1][0] == 500:
            assert server.wait_for_log("RecursionError: maximum recursion depth exceeded")
    assert [status for status, _, _ in answers] == [200, 200, 200]
    assert [json.loads(body) for _, _, body in answers] == [[12, 11, 10], [1, 3, 2], [*range(5_000, 9, -1)]]

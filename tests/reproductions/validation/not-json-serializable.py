"""The result of a computation with numpy is returned as it is, and cannot become JSON."""

from troubleshoot.testing import Bench, get

# --- broken ---
from typing import Any

from fastapi import APIRouter

router = APIRouter()


def compute() -> dict[str, Any]:
    return {}


@router.get("/result")
async def read_result():
    return compute()


# --- application ---
import numpy
from fastapi import FastAPI


class Identifier:
    __slots__ = ()

    def __str__(self) -> str:
        return "66f0"


def compute() -> dict[str, Any]:
    return {
        "id": Identifier(),
        "count": numpy.int64(3),
        "score": numpy.float64("nan"),
        "values": numpy.array([0.5, 1.5], dtype=numpy.float32),
    }


app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        status, _, body = get(server.url("/result"))
        assert "vars() argument must have __dict__" not in server.log
    assert status == 200
    assert json.loads(body) == {"id": "66f0", "count": 3, "score": None, "values": [0.5, 1.5]}

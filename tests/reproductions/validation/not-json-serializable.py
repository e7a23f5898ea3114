"""The result of a computation with numpy is returned as it is, and cannot become JSON."""

from troubleshoot.testing import Bench, get

WRONG = {
    "jsonable_encoder": [
        ("    return compute()", "    return jsonable_encoder(compute())"),
        (
            "from fastapi import APIRouter",
            "from fastapi import APIRouter\nfrom fastapi.encoders import jsonable_encoder",
        ),
    ],
    "json.dumps with default=str": [
        (
            "    return compute()",
            '    return Response(json.dumps(compute(), default=str), media_type="application/json")',
        ),
        ("from fastapi import APIRouter", "import json\n\nfrom fastapi import APIRouter, Response"),
    ],
    "Any in the return annotation": [("async def read_result():", "async def read_result() -> dict[str, Any]:")],
}

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

    def no_number(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    with bench.server() as server:
        status, _, body = get(server.url("/result"))
        assert "vars() argument must have __dict__" not in server.log
    assert status == 200
    assert json.loads(body, parse_constant=no_number) == {"id": "66f0", "count": 3, "score": None, "values": [0.5, 1.5]}

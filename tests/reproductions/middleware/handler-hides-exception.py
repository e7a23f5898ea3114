"""A middleware that waits for exceptions does not see those that have a handler."""

from troubleshoot.testing import Bench, get

WRONG = {
    "Starlette's HTTPException": [
        ("from fastapi import FastAPI, HTTPException, Request", "from fastapi import FastAPI, Request"),
        (
            "\nfailures: Counter[int]",
            "from starlette.exceptions import HTTPException as Refused\n\nfailures: Counter[int]",
        ),
        ("except HTTPException as error", "except Refused as error"),
    ],
    "a handler that raises the exception again": [
        (
            '@app.get("/taken")',
            """@app.exception_handler(HTTPException)
async def pass_on(request, error):
    raise error


@app.get("/taken")""",
        )
    ],
}

# --- broken ---
from collections import Counter

from fastapi import FastAPI, HTTPException, Request

failures: Counter[int] = Counter()

app = FastAPI()


@app.middleware("http")
async def count_failures(request: Request, call_next):
    try:
        return await call_next(request)
    except HTTPException as error:
        failures[error.status_code] += 1
        raise
    except Exception:
        failures[500] += 1
        raise


# --- application ---
from fastapi import HTTPException


@app.get("/taken")
async def read_taken() -> None:
    raise HTTPException(409, "taken")


@app.get("/sized")
async def read_sized(size: int) -> int:
    return size


@app.get("/fails")
async def fail() -> None:
    raise ValueError("on purpose")


@app.get("/failures")
async def read_failures() -> dict[int, int]:
    return dict(failures)


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        assert get(server.url("/taken"))[0] == 409
        assert get(server.url("/fails"))[0] == 500
        assert get(server.url("/sized?size=large"))[0] == 422
        assert get(server.url("/sized?size=1"))[0] == 200
        assert json.loads(get(server.url("/failures"))[2]) == {"409": 1, "422": 1, "500": 1}

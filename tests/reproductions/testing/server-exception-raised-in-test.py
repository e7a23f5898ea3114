"""A test of the response to unexpected errors never gets that response, because the client raises the error."""

from troubleshoot.testing import Bench

ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # whatever else is installed takes no part
WRONG = {
    "a handler for 500": [("@app.exception_handler(Exception)", "@app.exception_handler(500)")],
    "debug mode": [("app = FastAPI()", "app = FastAPI(debug=True)")],
    "a client that is not entered": [
        ("    with TestClient(app) as client:\n        yield client\n", "    return TestClient(app)\n"),
    ],
}

BROKEN = """\
import pytest
from fastapi.testclient import TestClient

from main import app


@pytest.fixture
def failing_client():
    with TestClient(app) as client:
        yield client
"""

FILES = {
    "main.py": """\
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(Exception)
async def apologise(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "we are sorry"}, 500)


@app.get("/divide")
async def divide() -> float:
    return 1 / 0
""",
    "test_errors.py": """\
def test_errors_are_answered(failing_client):
    answer = failing_client.get("/divide")
    assert (answer.status_code, answer.json()) == (500, {"detail": "we are sorry"})
""",
}


# --- check ---
def check(bench: Bench) -> None:
    done = bench.run("-m", "pytest", "-q", "-p", "no:cacheprovider", seconds=120, env=ALONE).stdout
    assert "ZeroDivisionError: division by zero" not in done
    assert done.splitlines()[-1].startswith("1 passed in "), done

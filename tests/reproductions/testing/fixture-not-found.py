"""The tests of two folders share a fixture, which is in a file whose name pytest does not know."""

from troubleshoot.testing import Bench

ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # whatever else is installed takes no part
TEST = """\
def test_home(client):
    assert client.get("/").json() == "ok"
"""
BROKEN = ""
FIXTURE = """\
import pytest
from fastapi.testclient import TestClient

from main import app


@pytest.fixture
def client():
    return TestClient(app)
"""
FILES = {
    "tests/conftests.py": FIXTURE,
    "tests/orders/conftest.py": FIXTURE,
    "tests/orders/test_orders.py": TEST,
    "tests/users/test_users.py": TEST,
}
WRONG = {
    "in the right place, and no fixture": FIXTURE.replace("@pytest.fixture\n", ""),
    "the file's name as a plugin": 'pytest_plugins = ["conftests"]\n',
    "the folder of the tests on the path": 'import sys\n\nsys.path.insert(0, "tests")\n',
}

# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def home() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    done = bench.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", seconds=120, env=ALONE)
    if not bench.fixed:
        assert "fixture 'client' not found" in done.stdout
        assert "1 passed, 1 error" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("2 passed in "), done.stdout

"""A test logs in by an override; the next file expects 401, which holds alone and fails after the first one."""

from troubleshoot.testing import Bench

BROKEN = '''\
"""Nothing is shared by the tests here."""
'''

FILES = {
    "main.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def get_current_user() -> str:
    raise HTTPException(401)


def get_greeting() -> str:
    return "good morning"


@app.get("/me")
async def read_me(user: Annotated[str, Depends(get_current_user)], greeting: Annotated[str, Depends(get_greeting)]) -> str:
    return f"{greeting}, {user}"
""",
    "greetings.py": """\
import pytest

from main import app, get_greeting


@pytest.fixture(scope="session", autouse=True)
def greeting_of_all_tests():
    app.dependency_overrides[get_greeting] = lambda: "hi"
""",
    "test_a_profile.py": """\
import pytest
from fastapi.testclient import TestClient

from main import app, get_current_user


@pytest.mark.parametrize("name", ["ann", "bob"])
def test_the_profile_is_shown(name):
    app.dependency_overrides[get_current_user] = lambda: name
    assert TestClient(app).get("/me").json() == f"hi, {name}"
""",
    "test_b_security.py": """\
from fastapi.testclient import TestClient

from main import app


def test_strangers_are_refused():
    assert TestClient(app).get("/me").status_code == 401
""",
}

FIXTURE = """\
import pytest

from main import app


@pytest.fixture({options})
def tidy():
    yield
    app.dependency_overrides.clear()
"""
WRONG = {
    "a fixture that no test asks for": FIXTURE.format(options=""),
    "clear() at the end of the session": FIXTURE.format(options='scope="session", autouse=True'),
    "clear() after each test": FIXTURE.format(options="autouse=True"),
}


# --- check ---
def check(bench: Bench) -> None:
    def suite(*files: str) -> str:
        alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return bench.run(
            "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "greetings", *files, seconds=60, env=alone
        ).stdout

    together = suite("test_a_profile.py", "test_b_security.py")
    assert "3 passed" in together, together
    assert "3 passed" in suite("test_b_security.py", "test_a_profile.py")

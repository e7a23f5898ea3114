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


@app.get("/me")
async def read_me(user: Annotated[str, Depends(get_current_user)]) -> str:
    return user
""",
    "test_a_profile.py": """\
from fastapi.testclient import TestClient

from main import app, get_current_user


def test_the_profile_is_shown():
    app.dependency_overrides[get_current_user] = lambda: "ann"
    assert TestClient(app).get("/me").json() == "ann"
""",
    "test_b_security.py": """\
from fastapi.testclient import TestClient

from main import app


def test_strangers_are_refused():
    assert TestClient(app).get("/me").status_code == 401
""",
}


# --- check ---
def check(bench: Bench) -> None:
    def suite(*files: str) -> str:
        return bench.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *files).stdout

    assert "1 passed" in suite("test_b_security.py")
    assert "2 passed" in suite("test_b_security.py", "test_a_profile.py")
    together = suite("test_a_profile.py", "test_b_security.py")
    assert "2 passed" in together, together

"""A look-up finds nothing, the next line goes on with None, and the client gets 500."""

from troubleshoot.testing import Bench, get

ATTEMPT = """\
from dataclasses import dataclass

from fastapi import APIRouter

router = APIRouter()


@dataclass
class User:
    email: str


users = {1: User("ann@example.com")}


@router.get("/users/{user_id}/email")
def read_email(user_id: int) -> str:
    try:
        return users.get(user_id).email
    except AttributeError:
        return ""
"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
from dataclasses import dataclass

from fastapi import APIRouter

router = APIRouter()


@dataclass
class User:
    email: str


users = {1: User("ann@example.com")}


@router.get("/users/{user_id}/email")
def read_email(user_id: int) -> str:
    return users.get(user_id).email


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        answers = [get(server.url(f"/users/{number}/email")) for number in (1, 2)]
        if not bench.fixed:
            assert server.wait_for_log("'NoneType' object has no attribute 'email'")
        assert "Traceback" not in server.log
    assert [status for status, _, _ in answers] == [200, 404]
    assert "2" in answers[1][2]

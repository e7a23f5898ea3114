"""A look-up finds nothing, the next line goes on with None, and the client gets 500."""

from troubleshoot.testing import Bench, get

WRONG = {
    "except AttributeError": [
        (
            "    return users.get(user_id).email\n",
            '    try:\n        return users.get(user_id).email\n    except AttributeError:\n        return ""\n',
        ),
    ],
    "except AttributeError as 404": [
        (
            "    return users.get(user_id).email\n",
            '    try:\n        return users.get(user_id).email\n    except AttributeError:\n        raise HTTPException(404, f"There is no user {user_id}.")\n',
        ),
        ("from fastapi import APIRouter\n", "from fastapi import APIRouter, HTTPException\n"),
    ],
    "an empty user in its place": [("users.get(user_id).email", 'users.get(user_id, User("")).email')],
}

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
users[3] = "eve@example.com"  # our own mistake: this is no User


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        known, unknown = [get(server.url(f"/users/{number}/email")) for number in (1, 2)]
        if unknown[0] == 500:
            assert server.wait_for_log("'NoneType' object has no attribute 'email'")
        assert "Traceback" not in server.log
        assert (known[0], known[2]) == (200, '"ann@example.com"')
        assert (unknown[0], "2" in unknown[2]) == (404, True)
        assert get(server.url("/users/3/email"))[0] == 500
        assert server.wait_for_log("'str' object has no attribute 'email'"), "our own mistakes stay visible"

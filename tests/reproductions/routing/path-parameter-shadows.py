"""The route for one user is declared first, so it takes the request for the current user."""

from troubleshoot.testing import Bench

WRONG = {
    "a parameter of type str": [("user_id: int) -> dict[str, int]", "user_id: str) -> dict[str, str]")],
    "a pattern for the parameter": [
        ("from fastapi import APIRouter", "from typing import Annotated\n\nfrom fastapi import APIRouter, Path"),
        ("user_id: int)", 'user_id: Annotated[str, Path(pattern=r"^\\d+$")])'),
    ],
}

# --- broken ---
from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/{user_id}")
async def read_one(user_id: int) -> dict[str, int]:
    return {"id": user_id}


@router.get("/me")
async def read_me() -> dict[str, str]:
    return {"name": "me"}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(bench.load().app)
    assert client.get("/users/7").json() == {"id": 7}
    answer = client.get("/users/me")
    assert "int_parsing" not in answer.text
    assert (answer.status_code, answer.json()) == (200, {"name": "me"})

"""The route for one user is declared first, so it takes the request for the current user."""

from troubleshoot.testing import Bench

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
    assert answer.json() == {"name": "me"}

"""A front end posts its credentials as JSON to a login that reads a form."""

from troubleshoot.testing import Bench

# --- broken ---
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.security import OAuth2PasswordRequestForm

router = APIRouter()


@router.post("/token")
@router.post("/login")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    return {"access_token": secrets.token_urlsafe(), "token_type": "bearer"}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(bench.load().app)
    credentials = {"username": "ann", "password": "secret"}
    assert client.post("/token", data=credentials).status_code == 200
    answer = client.post("/login", json=credentials)
    assert "Field required" not in answer.text
    assert answer.json()["token_type"] == "bearer"

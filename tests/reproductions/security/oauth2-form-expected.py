"""A front end posts its credentials as JSON to a login that reads a form."""

from troubleshoot.testing import Bench

FORM = "form: Annotated[OAuth2PasswordRequestForm, Depends()]"
WRONG = {
    "a model for both": [
        (FORM, "form: Credentials"),
        (
            '@router.post("/token")',
            'class Credentials(BaseModel):\n    username: str\n    password: str\n\n\n@router.post("/token")',
        ),
        ("from fastapi.security", "from pydantic import BaseModel\nfrom fastapi.security"),
    ],
    "fields that may be missing": [
        (FORM, "form: Annotated[LenientForm, Depends()]"),
        (
            '@router.post("/token")',
            """class LenientForm:
    def __init__(self, username: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""):
        self.username, self.password = username, password


@router.post(\"/token\")""",
        ),
        ("import APIRouter, Depends, ", "import APIRouter, Depends, Form, "),
    ],
    "the name and password in the query": [
        (FORM, "username: str, password: str"),
        ('(form.username, form.password) != ("ann", "secret")', '(username, password) != ("ann", "secret")'),
    ],
}

# --- broken ---
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm

router = APIRouter()


@router.post("/token")
@router.post("/login")
async def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    if (form.username, form.password) != ("ann", "secret"):
        raise HTTPException(401, "Wrong name or password")
    return {"access_token": secrets.token_urlsafe(), "token_type": "bearer"}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(bench.load().app)
    right, wrong = ({"username": "ann", "password": password} for password in ("secret", "guessed"))
    answers = [client.post("/token", data=right), client.post("/login", json=right)]
    refused = [client.post("/token", data=wrong), client.post("/login", json=wrong)]
    assert "Field required" not in answers[1].text
    assert [(answer.status_code, answer.json().get("token_type")) for answer in answers] == [(200, "bearer")] * 2
    assert [answer.status_code for answer in refused] == [401] * 2

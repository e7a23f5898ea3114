"""Two processes of one application: what the first signs, the second refuses."""

from troubleshoot.testing import Bench, free_port, get

# Made once in each process, and so again one for each.
ATTEMPT = """
import secrets
from functools import lru_cache
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer

router = APIRouter()


@lru_cache
def get_secret() -> str:
    return secrets.token_hex(32)


def create_token(subject: str) -> str:
    return jwt.encode({"sub": subject}, get_secret(), algorithm="HS256")


def get_subject(token: Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="/token"))]) -> str:
    try:
        return jwt.decode(token, get_secret(), algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "Could not validate credentials") from error
"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
import secrets
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer

JWT_SECRET = secrets.token_hex(32)
router = APIRouter()


def create_token(subject: str) -> str:
    return jwt.encode({"sub": subject}, JWT_SECRET, algorithm="HS256")


def get_subject(token: Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="/token"))]) -> str:
    try:
        return jwt.decode(token, JWT_SECRET, algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, f"Could not validate credentials: {error}") from error


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.post("/token")
def login() -> str:
    return create_token("alice")


@app.get("/me")
def me(subject: Annotated[str, Depends(get_subject)]) -> str:
    return subject


# --- check ---
def check(bench: Bench) -> None:
    import json

    env = {"JWT_SECRET": "one secret for all of the processes"}
    with bench.server(env=env) as first, bench.server(env=env) as second:
        token = json.loads(get(first.url("/token"), method="POST")[2])
        headers = {"Authorization": f"Bearer {token}"}
        answers = [get(server.url("/me"), headers=headers) for server in (first, second)]
        forged = get(second.url("/me"), headers={"Authorization": f"Bearer {token[:-9]}aaaaaaaaa"})[0]
    assert (answers[0][0], forged) == (200, 401)
    if not bench.fixed:
        assert "Signature verification failed" in answers[1][2]
    assert answers[1][0] == 200, answers[1][2]
    without = bench.run("-m", "uvicorn", "main:app", "--port", str(free_port()))
    assert without.returncode != 0
    assert "JWT_SECRET" in without.stderr

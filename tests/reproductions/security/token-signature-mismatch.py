"""Two processes of one application: what the first signs, the second refuses."""

from troubleshoot.testing import Bench, get

MADE = "JWT_SECRET = secrets.token_hex(32)\n"
CHECKED = 'jwt.decode(token, JWT_SECRET, algorithms=["HS256"])'
WRONG = {
    "a random default": [
        (MADE, 'JWT_SECRET = os.environ.get("JWT_SECRET") or secrets.token_hex(32)\n'),
        ("import secrets\n", "import os\nimport secrets\n"),
    ],
    "made once, which is once in each process": [
        (MADE, "make_secret = lru_cache(secrets.token_hex)\nJWT_SECRET = make_secret(32)\n"),
        ("import secrets\n", "import secrets\nfrom functools import lru_cache\n"),
    ],
    "the signature not checked": [(CHECKED, CHECKED[:-1] + ', options={"verify_signature": False})')],
}

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

    import jwt

    env = {"JWT_SECRET": "one secret for all of the processes"}
    with bench.server(env=env) as first, bench.server(env=env) as second:
        token = json.loads(get(first.url("/token"), method="POST")[2])
        headers = {"Authorization": f"Bearer {token}"}
        answers = [get(server.url("/me"), headers=headers) for server in (first, second)]
        guessed = jwt.encode(
            {"sub": "alice", "exp": 4_000_000_000}, "a secret that somebody has guessed", algorithm="HS256"
        )
        forged = get(second.url("/me"), headers={"Authorization": f"Bearer {guessed}"})[0]
    assert (answers[0][0], forged) == (200, 401)
    if not bench.fixed:
        assert "Signature verification failed" in answers[1][2]
    assert answers[1][0] == 200, answers[1][2]
    started = "from fastapi.testclient import TestClient; import main; TestClient(main.app).__enter__()"
    without = bench.run("-c", started)
    assert without.returncode != 0
    assert "JWT_SECRET" in without.stderr

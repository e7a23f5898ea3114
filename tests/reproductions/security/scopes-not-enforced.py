"""A token without the scope admin deletes users, because nobody compares."""

from troubleshoot.testing import Bench, get

# Compares, but Depends passes no scopes on.
ATTEMPT = """
import os
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, HTTPException, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

router = APIRouter()
bearer = OAuth2PasswordBearer(tokenUrl="/token", scopes={"admin": "all"})


def get_claims(needed: SecurityScopes, token: Annotated[str, Depends(bearer)]):
    try:
        claims = jwt.decode(token, os.environ["JWT_SECRET"], algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "Could not validate credentials") from error
    if not set(needed.scopes) <= set(claims.get("scope", "").split()):
        raise HTTPException(403, "Not enough permissions")
    return claims


@router.delete("/users/{user_id}", dependencies=[Security(bearer, scopes=["admin"])])
def delete_user(user_id: int, claims: Annotated[dict, Depends(get_claims)]):
    return f"{claims['sub']} has deleted {user_id}"
"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
import os
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, HTTPException, Security
from fastapi.security import OAuth2PasswordBearer

SECRET = os.environ["JWT_SECRET"]
router = APIRouter()
bearer = OAuth2PasswordBearer(tokenUrl="/token", scopes={"admin": "all"})


def get_claims(token: Annotated[str, Depends(bearer)]):
    try:
        return jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "Could not validate credentials") from error


@router.delete("/users/{user_id}")
def delete_user(user_id: int, claims: Annotated[dict, Security(get_claims, scopes=["admin"])]):
    return f"{claims['sub']} has deleted {user_id}"


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import jwt

    secret = "a secret of more than thirty-two bytes"

    def delete(**claims: str) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {jwt.encode(claims, secret, algorithm='HS256')}"} if claims else {}
        status, _, body = get(server.url("/users/1"), method="DELETE", headers=headers)
        return status, body

    with bench.server(env={"JWT_SECRET": secret}) as server:
        admin, reader, nobody = delete(sub="ann", scope="read admin"), delete(sub="eve", scope="read"), delete()
    assert admin == (200, '"ann has deleted 1"'), server.log
    assert nobody[0] == 401
    assert reader[0] == 403, reader

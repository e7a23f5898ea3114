"""A token without the scope admin deletes users, because nobody compares."""

from troubleshoot.testing import Bench, get

CLAIMS = """def get_claims(needed: SecurityScopes, token: Annotated[str, Depends(bearer)]):
    claims = decoded(token)
    if {test}:
        raise HTTPException(403, "Not enough permissions")
    return claims


def decoded(token: str):
"""
SIGNATURE = "def get_claims(token: Annotated[str, Depends(bearer)]):\n"
IMPORT = ("import OAuth2PasswordBearer\n", "import OAuth2PasswordBearer, SecurityScopes\n")
WRONG = {
    "compared, and Depends on the route": [
        (SIGNATURE, CLAIMS.format(test='not set(needed.scopes) <= set(claims.get("scope", "").split())')),
        (
            '@router.delete("/users/{user_id}")',
            '@router.delete("/users/{user_id}", dependencies=[Security(bearer, scopes=["admin"])])',
        ),
        ('Security(get_claims, scopes=["admin"])', "Depends(get_claims)"),
        IMPORT,
    ],
    "the scope somewhere in the text": [
        (SIGNATURE, CLAIMS.format(test='needed.scope_str not in claims.get("scope", "")')),
        IMPORT,
    ],
    "one of several scopes is enough": [
        (SIGNATURE, CLAIMS.format(test='not set(needed.scopes) & set(claims.get("scope", "").split())')),
        IMPORT,
    ],
    "the route left out of the documentation": [
        ('@router.delete("/users/{user_id}")', '@router.delete("/users/{user_id}", include_in_schema=False)'),
    ],
}

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


@app.delete("/users")
def delete_all(claims: Annotated[dict, Security(get_claims, scopes=["admin", "root"])]):
    return f"{claims['sub']} has deleted all"


# --- check ---
def check(bench: Bench) -> None:
    import jwt

    secret = "a secret of more than thirty-two bytes"

    def delete(path: str = "/users/1", **claims: object) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {jwt.encode(claims, secret, algorithm='HS256')}"} if claims else {}
        status, _, body = get(server.url(path), method="DELETE", headers=headers)
        return status, body

    with bench.server(env={"JWT_SECRET": secret}) as server:
        admin, nobody = delete(sub="ann", scope="read admin"), delete()
        root = delete("/users", sub="ann", scope="admin root")
        half = delete("/users", sub="ann", scope="admin")
        others = [delete(sub="eve", scope=scope)[0] for scope in ("read", "", "administrators:read", None, ["admin"])]
    assert admin == (200, '"ann has deleted 1"'), server.log
    assert root == (200, '"ann has deleted all"')
    assert nobody[0] == 401
    assert half[0] == 403
    assert others == [403] * 5

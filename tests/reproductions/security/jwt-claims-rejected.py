"""A server west of UTC makes tokens with its local time and a number as subject, and refuses them itself."""

from troubleshoot.testing import Bench, get

# --- broken ---
from datetime import datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer

SECRET = "only for development, at least 32 bytes"
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


def create_token(user_id: int, lifetime: timedelta = timedelta(minutes=30)) -> str:
    return jwt.encode({"sub": user_id, "exp": datetime.now() + lifetime}, SECRET, algorithm="HS256")


def current_user_id(token: Annotated[str, Depends(oauth2_scheme)]) -> int:
    try:
        return jwt.decode(token, SECRET, algorithms=["HS256"])["sub"]
    except (jwt.ExpiredSignatureError, jwt.InvalidSubjectError) as error:
        raise HTTPException(401, "Could not validate credentials") from error


# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.post("/token")
async def token() -> str:
    return create_token(7)


@app.get("/me")
async def me(user_id: Annotated[int, Depends(current_user_id)]) -> int:
    return user_id


# --- check ---
def check(bench: Bench) -> None:
    with bench.server(env={"TZ": "America/New_York"}) as server:
        token = get(server.url("/token"), method="POST")[2].strip('"')
        fresh = get(server.url("/me"), headers={"Authorization": f"Bearer {token}"})
        damaged = get(server.url("/me"), headers={"Authorization": "Bearer nonsense"})
    assert (fresh[0], fresh[2]) == (200, "7")
    assert damaged[0] == 401

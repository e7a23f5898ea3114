"""A server west of UTC makes tokens with its local time and a number as subject, and refuses them itself."""

from troubleshoot.testing import Bench, get

NOW = "datetime.now() + lifetime"
CLAIMS = '{"sub": user_id, "exp": datetime.now() + lifetime}'
DECODED = 'return jwt.decode(token, SECRET, algorithms=["HS256"])["sub"]'
CAUGHT = "except (jwt.ExpiredSignatureError, jwt.InvalidSubjectError)"
EVERY_ERROR = (CAUGHT, "except jwt.InvalidTokenError")
WRONG = {
    "UTC, and still a number": [
        (NOW, "datetime.now(timezone.utc) + lifetime"),
        ("timedelta\n", "timedelta, timezone\n"),
        EVERY_ERROR,
    ],
    "a string, and still local time": [(CLAIMS, CLAIMS.replace("user_id", "str(user_id)")), EVERY_ERROR],
    "half a day of leeway": [
        (CLAIMS, CLAIMS.replace("user_id", "str(user_id)")),
        (DECODED, DECODED.replace('"HS256"]', '"HS256"], leeway=43200')),
        EVERY_ERROR,
    ],
    "the signature taken on trust": [
        (CLAIMS, '{"sub": str(user_id), "exp": datetime.now(timezone.utc) + lifetime}'),
        ("timedelta\n", "timedelta, timezone\n"),
        (DECODED, DECODED.replace('"HS256"]', '"HS256"], options={"verify_signature": False, "verify_exp": True}')),
        EVERY_ERROR,
    ],
    "the checks switched off": [
        (DECODED, DECODED.replace('"HS256"]', '"HS256"], options={"verify_exp": False, "verify_sub": False}')),
        EVERY_ERROR,
    ],
}

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
async def token(minutes: int) -> str:
    return create_token(7, timedelta(minutes=minutes))


@app.get("/me")
async def me(user_id: Annotated[int, Depends(current_user_id)]) -> int:
    return user_id


# --- check ---
def check(bench: Bench) -> None:
    import time

    import jwt

    forged = jwt.encode(
        {"sub": "7", "exp": int(time.time()) + 1800}, "the secret of somebody else, a long one", "HS256"
    )
    with bench.server(env={"TZ": "America/New_York", "TOKEN_SECRET": "the same in all of the processes"}) as server:

        def token(minutes: int) -> str:
            return get(server.url(f"/token?minutes={minutes}"), method="POST")[2].strip('"')

        fresh, *refused = (
            get(server.url("/me"), headers={"Authorization": f"Bearer {token}"})
            for token in (token(30), token(-5), "nonsense", forged)
        )
    assert (fresh[0], fresh[2]) == (200, "7")
    assert [status for status, *_ in refused] == [401] * 3

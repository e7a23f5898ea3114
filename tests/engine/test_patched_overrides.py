"""Overrides, secrets and scopes that have no effect, and what becomes of them line by line."""

import pytest

from tests.engine.lines import changed_lines

WAYS = {
    "a secret behind or, in another module": (
        "security/token-signature-mismatch",
        {
            "main.py": """\
import jwt
from fastapi import FastAPI

from config import SECRET_KEY

app = FastAPI()


@app.post("/token")
def create_token():
    return jwt.encode({"sub": "ann"}, SECRET_KEY, algorithm="HS256")
""",
            "config.py": """\
from os import getenv
from secrets import token_urlsafe

SECRET_KEY: str = getenv("JWT_KEY") or token_urlsafe(32)
""",
        },
        """\
config.py
-from os import getenv
-from secrets import token_urlsafe
+import os

-SECRET_KEY: str = getenv("JWT_KEY") or token_urlsafe(32)
+SECRET_KEY: str = os.environ["JWT_KEY"]
""",
    ),
    "a key with names and numbers, and a name that is there": (
        "dependency-injection/override-key-mismatch",
        {
            "app/security.py": """\
class Check:
    def __init__(self, role, level=1):
        self.role = role

    def __call__(self):
        return self.role


is_boss = Check("boss")
""",
            "app/routes.py": """\
from fastapi import APIRouter, Depends

from app.security import Check, is_boss

router = APIRouter()


@router.get("/", dependencies=[Depends(Check(role="store-admin", level=2)), Depends(is_boss)])
def read():
    return 1
""",
            "tests/test_routes.py": """\
from app.main import app
from app.security import Check


def test_routes():
    app.dependency_overrides[Check(role="store-admin", level=2)] = lambda: None
    app.dependency_overrides[Check("boss")] = lambda: None
""",
        },
        """\
app/routes.py

-from app.security import Check, is_boss
+from app.security import check_store_admin_2, is_boss


-@router.get("/", dependencies=[Depends(Check(role="store-admin", level=2)), Depends(is_boss)])
+@router.get("/", dependencies=[Depends(check_store_admin_2), Depends(is_boss)])
 def read():
app/security.py
 is_boss = Check("boss")
+check_store_admin_2 = Check(role="store-admin", level=2)
tests/test_routes.py
 from app.main import app
-from app.security import Check
+from app.security import check_store_admin_2, is_boss

 def test_routes():
-    app.dependency_overrides[Check(role="store-admin", level=2)] = lambda: None
-    app.dependency_overrides[Check("boss")] = lambda: None
+    app.dependency_overrides[check_store_admin_2] = lambda: None
+    app.dependency_overrides[is_boss] = lambda: None
""",
    ),
    "the mounted application, also where the override is taken back": (
        "dependency-injection/override-on-wrong-app",
        {
            "app/api.py": """\
from fastapi import Depends, FastAPI

api = FastAPI()


def current_user():
    return "ann"


@api.get("/me")
def read_me(user=Depends(current_user)):
    return user
""",
            "app/main.py": """\
from fastapi import FastAPI

from .api import api

app = FastAPI()
app.mount("/api", api)
""",
            "tests/test_me.py": """\
from fastapi.testclient import TestClient

from app.api import current_user
from app.main import app


def test_me():
    app.dependency_overrides[current_user] = lambda: "bob"
    assert TestClient(app).get("/api/me").json() == "bob"
    del app.dependency_overrides[current_user]
""",
        },
        """\
tests/test_me.py

-from app.api import current_user
+from app.api import api, current_user
 from app.main import app
 def test_me():
-    app.dependency_overrides[current_user] = lambda: "bob"
+    api.dependency_overrides[current_user] = lambda: "bob"
     assert TestClient(app).get("/api/me").json() == "bob"
-    del app.dependency_overrides[current_user]
+    del api.dependency_overrides[current_user]
""",
    ),
    "scopes behind the try that decodes": (
        "security/scopes-not-enforced",
        {
            "main.py": """\
from typing import Annotated

import jwt
from fastapi import APIRouter, Depends, HTTPException, Security
from fastapi.security import OAuth2PasswordBearer

from users import find

router = APIRouter()
bearer = OAuth2PasswordBearer(tokenUrl="/token")


async def get_user(
    token: Annotated[str, Depends(bearer)],
    limit: int = 1,
):
    try:
        payload = jwt.decode(token, "k", algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error
    # Nobody of that name.
    return find(payload["sub"])


@router.get("/", dependencies=[Security(get_user, scopes=["items"])])
def read():
    return 1
""",
        },
        """\
main.py
 from fastapi import APIRouter, Depends, HTTPException, Security
-from fastapi.security import OAuth2PasswordBearer
+from fastapi.security import OAuth2PasswordBearer, SecurityScopes

     token: Annotated[str, Depends(bearer)],
+    security_scopes: SecurityScopes,
     limit: int = 1,
         raise HTTPException(401) from error
+    if not set(security_scopes.scopes) <= set(str(payload.get("scope") or "").split()):
+        raise HTTPException(403, "Not enough permissions")
     # Nobody of that name.
""",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_becomes(way, tmp_path):
    cause, files, lines = WAYS[way]
    assert changed_lines(tmp_path, cause, files) == lines

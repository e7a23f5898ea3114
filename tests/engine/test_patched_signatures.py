"""Mistakes in signatures as people write them, and what becomes of them line by line."""

import pytest

from tests.engine.lines import changed_lines

WAYS = {
    "the wrapper below a comment, with functools imported": (
        "dependency-injection/args-kwargs-become-query-parameters",
        {
            "main.py": """\
import functools

from fastapi import FastAPI, Request

app = FastAPI()


def logged(function):
    # Everything goes through here.
    async def inner(request: Request, *args, **kwargs):
        return await function(request, *args, **kwargs)

    return inner


@app.get("/")
@logged
async def read(request: Request):
    return 1
""",
        },
        """\
main.py
     # Everything goes through here.
+    @functools.wraps(function)
     async def inner(request: Request, *args, **kwargs):
""",
    ),
    "what a generator of another module yields": (
        "dependency-injection/class-view-attribute-unannotated",
        {
            "views.py": """\
from fastapi import APIRouter, Depends
from fastapi_utils.cbv import cbv

from deps import Service, get_db

router = APIRouter()


@cbv(router)
class Items:
    db = Depends(
        get_db,
        use_cache=False,
    )
    service = Depends(Service)  # made for each request

    @router.get("/items")
    def read(self):
        return self.db
""",
            "deps.py": """\
from collections.abc import Iterator

from sqlalchemy.orm import Session


class Service:
    pass


def get_db() -> Iterator[Session]:
    yield Session()
""",
        },
        """\
views.py
 from fastapi_utils.cbv import cbv
+from sqlalchemy.orm import Session

 class Items:
-    db = Depends(
+    db: Session = Depends(
         get_db,
     )
-    service = Depends(Service)  # made for each request
+    service: Service = Depends(Service)  # made for each request

""",
    ),
    "the connection from where the request comes": (
        "dependency-injection/http-only-dependency-on-websocket",
        {
            "main.py": """\
from fastapi import Depends, FastAPI, WebSocket
from starlette.requests import Request

app = FastAPI()


class Language:
    def __call__(self, request: Request) -> str:
        return request.headers.get("accept-language", "en")


@app.websocket("/ws")
async def chat(websocket: WebSocket, language=Depends(Language())):
    await websocket.accept()
""",
        },
        """\
main.py
 from fastapi import Depends, FastAPI, WebSocket
-from starlette.requests import Request
+from starlette.requests import HTTPConnection

 class Language:
-    def __call__(self, request: Request) -> str:
+    def __call__(self, request: HTTPConnection) -> str:
         return request.headers.get("accept-language", "en")
""",
    ),
    "a generator says that it is asynchronous": (
        "dependency-injection/sync-dependency-loses-context",
        {
            "main.py": """\
from collections.abc import Generator
from contextvars import ContextVar

from fastapi import Depends, FastAPI, Header

tenant: ContextVar[str] = ContextVar("tenant")
app = FastAPI()


def bind(x_tenant: str = Header("")) -> Generator[str, None, None]:
    token = tenant.set(x_tenant)
    yield x_tenant
    tenant.reset(token)


@app.get("/", dependencies=[Depends(bind)])
async def read():
    return tenant.get()
""",
        },
        """\
main.py
-from collections.abc import Generator
+from collections.abc import AsyncGenerator
 from contextvars import ContextVar

-def bind(x_tenant: str = Header("")) -> Generator[str, None, None]:
+async def bind(x_tenant: str = Header("")) -> AsyncGenerator[str, None]:
     token = tenant.set(x_tenant)
""",
    ),
    "a header that must be there": (
        "dependency-injection/security-header-not-received",
        {
            "main.py": """\
from fastapi import Depends, FastAPI, Header

app = FastAPI()


def get_token(
    authorization: str = Header(..., description="Bearer token"),
    page: int = 1,
):
    return authorization.removeprefix("Bearer ")


@app.get("/")
def read(token=Depends(get_token)):
    return token
""",
        },
        """\
main.py
-from fastapi import Depends, FastAPI, Header
+from fastapi import Depends, FastAPI
+from fastapi.security import APIKeyHeader

 app = FastAPI()
+authorization_header = APIKeyHeader(name="Authorization", description="Bearer token")

 def get_token(
-    authorization: str = Header(..., description="Bearer token"),
+    authorization: str = Depends(authorization_header),
     page: int = 1,
""",
    ),
    "a module for type checkers, under another name": (
        "dependency-injection/forward-reference-unresolved",
        {
            "main.py": """\
from __future__ import annotations

import typing
from typing import TYPE_CHECKING

from fastapi import FastAPI

if TYPE_CHECKING:
    import datetime as dt

    from .models import Order

app = FastAPI()


@app.get("/")
def read(day: dt.date):
    return day
""",
        },
        """\
main.py

+import datetime as dt
 import typing
 if TYPE_CHECKING:
-    import datetime as dt
-
     from .models import Order
""",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_becomes(way, tmp_path):
    cause, files, lines = WAYS[way]
    assert changed_lines(tmp_path, cause, files) == lines

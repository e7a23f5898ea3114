"""Mistakes with dependencies that a patch would have to guess about, and why it leaves them alone."""

import pytest

from tests.engine.patched import below, proposals, reasons_withheld, write

HEAD = """\
import functools
from contextvars import ContextVar
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Security, WebSocket
from fastapi.security import OAuth2PasswordBearer
from fastapi_utils.cbv import cbv

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="token")
tenant = ContextVar("tenant")


"""
LEFT_ALONE = {
    "a client that is made for one thread": (
        "performance/client-per-request",
        """
        import boto3


        @app.get("/buckets")
        def read_buckets():
            return [bucket.name for bucket in boto3.resource("s3").buckets.all()]
        """,
        "one event loop or thread",
    ),
    "a coroutine of which the result's method is awaited": (
        "performance/coroutine-not-awaited",
        """
        async def query():
            return [1]


        @app.get("/")
        async def read():
            return await query().first()
        """,
        "one await too many",
    ),
    "a wrapper that passes what FastAPI would ask clients for": (
        "dependency-injection/args-kwargs-become-query-parameters",
        """
        def logged_in(function):
            async def inner(*args, **kwargs):
                return await function(*args, user="ann", **kwargs)

            return inner


        @app.get("/")
        @logged_in
        async def read(user: str):
            return user
        """,
        "passes an argument of its own",
    ),
    "many calls of a method that each class has its own of": (
        "performance/unbounded-concurrency",
        """
        import asyncio
        from abc import ABC, abstractmethod


        class Store(ABC):
            @abstractmethod
            async def load(self, number):
                '''Load one.'''

            async def load_all(self, numbers: list[int]):
                return await asyncio.gather(*[self.load(number) for number in numbers])


        @app.get("/")
        async def read(numbers: list[int], store: Annotated[Store, Depends()]):
            return await store.load_all(numbers)
        """,
        "does nothing itself",
    ),
    "a wrapper that needs what the endpoint does not take": (
        "dependency-injection/args-kwargs-become-query-parameters",
        """
        def logged(function):
            def inner(request: Request, *args, **kwargs):
                return function(*args, **kwargs)

            return inner


        @app.get("/")
        @logged
        def read(number: int):
            return number
        """,
        "asks for request",
    ),
    "a type in quotes": (
        "dependency-injection/class-view-attribute-unannotated",
        """
        def get_later() -> "Later":
            return Later()


        @cbv(app)
        class View:
            later = Depends(get_later)
        """,
        "stands in quotes",
    ),
    "the method of a request": (
        "dependency-injection/http-only-dependency-on-websocket",
        """
        def get_method(request: Request):
            return request.method


        @app.websocket("/ws")
        async def chat(websocket: WebSocket, method=Depends(get_method)):
            await websocket.accept()
        """,
        "its method",
    ),
    "a class that sets the variable while it is made": (
        "dependency-injection/sync-dependency-loses-context",
        """
        class Tenant:
            def __init__(self, x_tenant: str = Header("")):
                tenant.set(x_tenant)


        @app.get("/", dependencies=[Depends(Tenant)])
        async def read():
            return tenant.get()
        """,
        "__init__",
    ),
    "a dependency that blocks": (
        "dependency-injection/sync-dependency-loses-context",
        """
        def bind(x_tenant: str = Header("")):
            time.sleep(1)
            tenant.set(x_tenant)


        @app.get("/", dependencies=[Depends(bind)])
        async def read():
            return tenant.get()


        import time
        """,
        "blocking-call",
    ),
    "an empty text for a header that is missing": (
        "dependency-injection/security-header-not-received",
        """
        @app.get("/")
        def read(authorization: str = Header("")):
            return authorization
        """,
        "not ''",
    ),
    "a header with rules": (
        "dependency-injection/security-header-not-received",
        """
        @app.get("/")
        def read(authorization: Annotated[str, Header(min_length=3)]):
            return authorization
        """,
        "min_length",
    ),
    "a key made from a variable": (
        "dependency-injection/override-key-mismatch",
        """
        class Check:
            def __init__(self, role):
                self.role = role

            def __call__(self):
                return self.role


        ROLE = object()


        @app.get("/", dependencies=[Depends(Check(ROLE))])
        def read():
            return 1


        def test_read():
            app.dependency_overrides[Check(ROLE)] = lambda: None
        """,
        "what an object made from ROLE should be called",
    ),
    "a secret without a name": (
        "security/token-signature-mismatch",
        """
        @app.get("/")
        def read():
            return jwt.encode({"sub": "ann"}, secrets.token_hex(32), algorithm="HS256")


        import secrets
        """,
        "no name",
    ),
    "scopes of a token that nobody decodes": (
        "security/scopes-not-enforced",
        """
        def get_user(token: Annotated[str, Depends(bearer)]):
            return token


        @app.get("/")
        def read(user=Security(get_user, scopes=["admin"])):
            return user
        """,
        "scopes of the token",
    ),
    "work that needs the argument of the factory": (
        "dependency-injection/cache-missed",
        """
        def user_with(role):
            async def load(x_user: str = Header("")):
                return await find(x_user, role)

            return load


        @app.get("/", dependencies=[Depends(user_with("staff")), Depends(user_with("staff"))])
        def read():
            return 1
        """,
        "is used where the work is done",
    ),
    "settings that are read at import": (
        "dependency-injection/cached-settings-stale",
        """
        class Settings:
            def __init__(self):
                self.title = os.environ["TITLE"]


        @functools.lru_cache
        def get_settings():
            return Settings()


        @app.get("/")
        def read(settings=Depends(get_settings)):
            return settings.title


        app.title = get_settings().title

        import os
        """,
        "while the module is imported",
    ),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_a_mistake_is_left_alone(name, tmp_path):
    cause, source, why = LEFT_ALONE[name]
    reasons = reasons_withheld(tmp_path, cause, below(HEAD, source))
    assert all(why in reason for reason in reasons), reasons


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("from models import User", "import each other"),
        ("from stubs import User", "is there when the program runs"),
        ("from models import (\n        Item,  # sold\n        User,  # asks\n    )", "import each other"),
        ("from decimal import Decimal as User  # money", "a comment"),
    ],
)
def test_an_import_for_type_checkers_stays(source, why, tmp_path):
    main = f"""\
from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

if TYPE_CHECKING:
    {source}

app = FastAPI()


@app.get("/")
def read(user: User):
    return user
"""
    files = {"main.py": main, "models.py": "from main import app\n\n\nclass Item: ...\n\n\nclass User: ...\n"}
    _, made = proposals(write(tmp_path, files), "dependency-injection/forward-reference-unresolved")
    assert [why in item.withheld for item in made] == [True]

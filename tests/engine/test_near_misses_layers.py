"""Applications, layers and WebSocket routes that are right, beside those that are not."""

import pytest
from marked import marks, told

ADDED = "middleware/added-after-start"
NO_REQUEST = "dependency-injection/http-only-dependency-on-websocket"
INSIDE = "middleware/cors-not-outermost"
CAUSES = (ADDED, NO_REQUEST, INSIDE)

SOURCES = {
    "an application that the start makes, beside the one that starts": f"""
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


class Inner:
    def __init__(self):
        self.app = FastAPI()
        self.compress()

    def compress(self):
        self.app.add_middleware(GZipMiddleware)


class Outer:
    def __init__(self, app: FastAPI):
        self.app = app

    def compress(self):
        self.app.add_middleware(GZipMiddleware)  # told: {ADDED}


def add_to(app: FastAPI):
    app.add_middleware(GZipMiddleware)


def add_to_started(app: FastAPI):
    app.add_middleware(GZipMiddleware)  # told: {ADDED}


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.mount("/inner", Inner().app)
    admin = FastAPI()
    admin.add_middleware(GZipMiddleware)
    add_to(admin)
    app.mount("/admin", admin)
    add_to_started(app)
    Outer(app).compress()
    yield


app = FastAPI(lifespan=lifespan)
""",
    "a dependency that does without a request": f"""
from fastapi import Depends, FastAPI, Request, WebSocket

app = FastAPI()


class Tokens:
    def __init__(self, request: Request = None):
        self.request = request


def of_client(request: Request):
    return request.client


@app.websocket("/a")
async def a(websocket: WebSocket, tokens: Tokens = Depends()):
    await websocket.accept()


@app.websocket("/b")
async def b(websocket: WebSocket, client=Depends(of_client)):  # told: {NO_REQUEST}
    await websocket.accept()
""",
    "a layer that needs no CORS headers": f"""
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse


class ForSockets:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope.get("type") != "websocket":
            await self.app(scope, receive, send)
            return
        response = PlainTextResponse("no", status_code=403)
        await response(scope, receive, send)


class Open:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self.app(scope, receive, send)
            return
        response = PlainTextResponse("OK", headers={{"Access-Control-Allow-Origin": "*"}})
        await response(scope, receive, send)


class Closed:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        response = PlainTextResponse("no", status_code=403)
        await response(scope, receive, send)


first = FastAPI()
first.add_middleware(CORSMiddleware, allow_origins=["https://a.org"])
first.add_middleware(ForSockets)
first.add_middleware(Open)
second = FastAPI()
second.add_middleware(CORSMiddleware, allow_origins=["https://a.org"])  # told: {INSIDE}
second.add_middleware(Closed)
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES, ("error", "warning"))

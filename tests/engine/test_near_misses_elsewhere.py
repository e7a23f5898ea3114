"""What looks like a mistake to a reader in a hurry, beside what is one: schemas, sessions, sockets, clients' answers."""

import pytest
from marked import marks, told

COROUTINE = "performance/coroutine-not-awaited"
ACCESS_LOG = "logging/access-log-lost"
SYNC = "database/sync-session-in-async-endpoint"
BLOCKING = "performance/blocking-call-in-async-endpoint"
OPERATION = "openapi/duplicate-operation-id"
SESSION = "middleware/session-middleware-missing"
RAISED = "websocket/http-exception-raised"
REBUILT = "dependency-injection/rebuilt-every-request"
ROUTER = "routing/router-not-included"
CAUSES = (ACCESS_LOG, COROUTINE, ROUTER, BLOCKING, OPERATION, SESSION, RAISED, REBUILT, SYNC)

SOURCES = {
    "the answer of a client": f"""
from fastapi import FastAPI
from opensearchpy import OpenSearch

app = FastAPI()
client = OpenSearch()


def find():
    return client.search(index="a")


@app.get("/")
async def read():
    found = find()  # told: {BLOCKING}
    return found.get("hits").items()


@app.get("/one")
async def read_one():
    return client.get(index="a", id="1")  # told: {BLOCKING}
""",
    "a router that a test looks at": f"""
from fastapi import APIRouter, FastAPI

app = FastAPI()
used = APIRouter()
app.include_router(used)
### orders.py
from fastapi import APIRouter

orders_of_all = APIRouter()  # told: {ROUTER}


@orders_of_all.get("/orders")
def orders():
    return []
### tests/test_router.py
from fastapi import APIRouter


def test_what_a_route_returns():
    router = APIRouter()

    @router.get("/")
    def read():
        return 1

    assert read() == 1
""",
    "a connection that is opened later": f"""
from fastapi import FastAPI
from ldap3 import Connection, Server

app = FastAPI()
server = Server("ldap.example.org")


@app.get("/")
async def read():
    Connection(server, auto_bind=True)  # told: {BLOCKING}
    with Connection(server):  # told: {BLOCKING}
        pass
    connection = Connection(server, auto_bind=False)
    connection.bind()  # told: {BLOCKING}
    return Connection(server)
""",
    "plain data that comes of the database": f"""
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

app = FastAPI()


def encode(data: dict):
    text = data.copy()
    text.update({{"a": 1}})
    return text


def change(data):
    data.update({{"a": 1}})


@app.get("/")
async def read(db: Session):
    found = db.query(1)
    encode(found)
    change(found)  # told: {SYNC}
""",
    "routes in no schema": f"""
from fastapi import APIRouter, FastAPI

hidden = FastAPI(openapi_url=None)
app = FastAPI()
pages = APIRouter(include_in_schema=False)
forms = APIRouter()
shown = APIRouter()
app.include_router(pages)
app.include_router(forms, include_in_schema=False)
app.include_router(shown)


@hidden.api_route("/a", methods=["GET", "POST"])
def a():
    return 1


@pages.api_route("/b", methods=["GET", "POST"])
def b():
    return 1


@forms.api_route("/c", methods=["GET", "POST"])
def c():
    return 1


@shown.api_route("/d", methods=["GET", "POST"])  # told: {OPERATION}
def d():
    return 1
""",
    "a session of sqladmin's": f"""
from fastapi import FastAPI, Request
from sqladmin.authentication import AuthenticationBackend

app = FastAPI()


class AdminAuth(AuthenticationBackend):
    async def login(self, request: Request) -> bool:
        request.session.update(token="a")
        return True


@app.get("/")
def read(request: Request):
    return request.session.get("a")  # told: {SESSION}
""",
    "raised before a socket is accepted": f"""
from fastapi import FastAPI, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/ws")
async def talk(websocket: WebSocket):
    if "token" not in websocket.query_params:
        raise HTTPException(401)
    await websocket.accept()
    if await websocket.receive_text() != "hello":
        raise HTTPException(400)  # told: {RAISED}
""",
    "a factory of several things": f"""
from importlib import import_module
from typing import Any

from fastapi import FastAPI

app = FastAPI()


def either(name: str, is_async: bool) -> Any:
    if is_async:
        async def nothing(*args):
            return None
        return nothing
    return getattr(import_module(name), name)


def always() -> Any:
    async def nothing():
        return None
    return nothing


@app.get("/")
async def read():
    either("a", False)(1)
    always()()  # told: {COROUTINE}
""",
    "the keys of a mapping": f"""
import asyncio

from fastapi import FastAPI
from redis.asyncio import Redis

app = FastAPI()
clients: dict[asyncio.AbstractEventLoop, Redis] = {{}}


@app.get("/")
async def read():
    closed = [loop for loop in clients if loop.close()]
    clients[asyncio.get_running_loop()].ping()  # told: {COROUTINE}
    return closed
""",
    "a command line": f"""
import logging.config

from fastapi import FastAPI

logging.config.dictConfig({{"version": 1}})  # told: {ACCESS_LOG}
app = FastAPI()
### scripts/clean.py
import asyncio
import logging.config

import typer

logging.config.dictConfig({{"version": 1}})
cli = typer.Typer()
""",
    "a client of a pool": f"""
import redis
from fastapi import Depends, FastAPI

app = FastAPI()
POOL = redis.ConnectionPool()


def cache():
    return redis.Redis(connection_pool=POOL)


def other():
    return redis.Redis(host="a")  # told: {REBUILT}


@app.get("/")
def read(one=Depends(cache), two=Depends(other)):
    return one.get("a"), two.get("a")
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES)

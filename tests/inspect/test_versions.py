"""Old and new versions of FastAPI: set INSPECT_PYTHONS to interpreters of other environments, separated by colons."""

import json
import os
import subprocess
import sys

import pytest
from shop import SHOP

PYTHONS = [sys.executable, *filter(None, os.environ.get("INSPECT_PYTHONS", "").split(os.pathsep))]


@pytest.mark.parametrize("python", PYTHONS)
def test_every_version_is_described_alike(python, project):
    done = project.inspect(SHOP, "--format", "json", "--python", python)
    assert (done.code, done.err) == (0, "")
    value = done.json
    assert value["app"]["versions"]["fastapi"]
    layers = [layer["name"].rpartition(".")[2] for layer in value["middleware"]]
    user = ["CORSMiddleware", "BaseHTTPMiddleware", "Signed", "GZipMiddleware"]
    assert [name for name in layers if name in user] == user
    assert [layers[0], "ExceptionMiddleware" in layers] == ["ServerErrorMiddleware", True]
    own = [(route["path"], route["kind"]) for route in value["routes"] if "docs" not in route["path"]]
    assert [item for item in own if item[0] not in ("/openapi.json", "/redoc")] == [
        ("/token", "http"),
        ("/items/{item_id}", "http"),
        ("/items/{item_id}", "http"),
        ("/feed", "websocket"),
        ("/admin", "mount"),
        ("/static", "static"),
    ]
    item = next(route for route in value["routes"] if route.get("response_model") == "Item")
    user, db = item["dependencies"]
    assert [user["scopes"], user["runs"], db["runs"]] == [["read"], "event loop", "thread pool"]
    assert [child["is_generator"] for child in user["dependencies"]] == [False, True]
    assert [function["name"] for function in value["app"]["lifespan"]["functions"]] == ["main.lifespan"]


TRACED = """\
import functools
import threading
from fastapi import Depends, FastAPI, Security

app = FastAPI()
calls = []
loop_thread = threading.get_ident()

def note(name):
    calls.append([name, "event loop" if threading.get_ident() == loop_thread else "thread pool"])

def plain():
    note("plain")

def plain_yield():
    note("plain_yield")
    yield

async def coroutine(a=Depends(plain), b=Depends(plain_yield)):
    note("coroutine")

async def coroutine_yield():
    note("coroutine_yield")
    yield

class Made:
    def __init__(self, a=Depends(plain)):
        note("Made")

class Called:
    def __call__(self):
        note("Called")

class CalledAsync:
    async def __call__(self):
        note("CalledAsync")

class CalledYield:
    async def __call__(self):
        note("CalledYield")
        yield

def wrapped(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

@wrapped
def decorated():
    note("decorated")

class Service:
    async def method(self):
        note("method")

called = Called()

@app.get("/")
async def endpoint(
    a=Depends(coroutine), b=Depends(plain), c=Depends(plain, use_cache=False), d=Depends(coroutine_yield),
    e=Depends(Made), f=Depends(Called()), g=Depends(CalledAsync()), h=Depends(CalledYield()), i=Depends(decorated),
    j=Depends(Service().method), k=Depends(called), l=Depends(called), m=Security(plain_yield, scopes=["read"]),
    n=Security(coroutine, scopes=["read"]),
):
    note("endpoint")
"""

REQUEST = """\
import asyncio, json, main
async def receive():
    return {"type": "http.request", "body": b"", "more_body": False}
async def send(message):
    assert message.get("status", 200) == 200, message
scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [],
         "http_version": "1.1", "scheme": "http", "server": ("test", 80), "client": ("test", 1), "root_path": ""}
asyncio.run(main.app(scope, receive, send))
print(json.dumps(main.calls))
"""


@pytest.mark.parametrize("python", PYTHONS)
def test_what_is_said_of_caching_and_of_threads_is_what_a_request_does(python, project):
    route = next(
        route
        for route in project.inspect(TRACED, "--format", "json", "--python", python).json["routes"]
        if route["path"] == "/"
    )
    said = [*_runs(route["dependencies"]), ["endpoint", route["runs"]]]
    done = subprocess.run([python, "-c", REQUEST], cwd=project.folder, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == said


def _runs(dependencies):
    for item in dependencies:
        yield from _runs(item.get("dependencies", []))
        if not item["reused"]:
            yield [item["name"].replace("(…)", "").rpartition(".")[2], item["runs"]]

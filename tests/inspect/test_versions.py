"""Old and new versions of FastAPI: set INSPECT_PYTHONS to interpreters of other environments, separated by colons."""

import os
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
    assert [user["scopes"], user["runs"], db["runs"], db["reused"]] == [["read"], "event loop", "thread pool", True]
    assert [child["is_generator"] for child in user["dependencies"]] == [False, True]
    assert [function["name"] for function in value["app"]["lifespan"]["functions"]] == ["main.lifespan"]

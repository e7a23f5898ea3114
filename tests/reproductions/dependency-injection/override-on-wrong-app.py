"""The override is set on the outer application, so the mounted one goes on using the real dependency."""

from troubleshoot.testing import Bench

# --- broken ---
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI


@contextmanager
def overridden(app: FastAPI, dependency: Callable[..., Any], replacement: Callable[..., Any]) -> Iterator[None]:
    app.dependency_overrides[dependency] = replacement
    try:
        yield
    finally:
        app.dependency_overrides.pop(dependency)


# --- application ---
from typing import Annotated

from fastapi import Depends

api = FastAPI()
app = FastAPI()
app.mount("/api", api)


def current_user() -> str:
    return "ann"


@app.get("/me")
@api.get("/me")
async def me(user: Annotated[str, Depends(current_user)]) -> str:
    return user


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    main = bench.load()
    client = TestClient(main.app)
    assert client.get("/api/me").json() == "ann"
    with main.overridden(main.app, main.current_user, lambda: "bob"):
        assert client.get("/me").json() == "bob"
        assert client.get("/api/me").json() == "bob", "the mounted application has not seen the override"
    assert client.get("/api/me").json() == "ann"
    assert client.get("/me").json() == "ann"

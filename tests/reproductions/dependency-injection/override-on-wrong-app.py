"""The override is set on the outer application, so the mounted one goes on using the real dependency."""

from troubleshoot.testing import Bench

SET = "    app.dependency_overrides[dependency] = replacement\n"
WRONG = {
    "on the router of the application": [
        (SET, SET + "    app.router.dependency_overrides = app.dependency_overrides\n")
    ],
    "on the mount instead of what it mounts": [
        (SET, SET + "    for route in app.routes:\n        route.dependency_overrides = app.dependency_overrides\n"),
    ],
    "at any depth, but not in the routers": [
        (
            SET,
            "    apps = [app]\n    for each in apps:\n        each.dependency_overrides = app.dependency_overrides\n"
            "        mounted = [getattr(route, 'app', None) for route in each.routes]\n"
            "        apps += [other for other in mounted if isinstance(other, FastAPI)]\n" + SET,
        ),
    ],
    "one level deep": [
        (
            SET,
            SET
            + "    for route in app.routes:\n        if isinstance(getattr(route, 'app', None), FastAPI):\n"
            + "            route.app.dependency_overrides = app.dependency_overrides\n",
        ),
    ],
}

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

from fastapi import APIRouter, Depends
from starlette.applications import Starlette
from starlette.routing import Mount

app, api, admin, shop, router = FastAPI(), FastAPI(), FastAPI(), FastAPI(), APIRouter()
desk, hosted = FastAPI(), FastAPI()
app.host("shop.example.com", hosted)
app.mount("/old", Starlette(routes=[Mount("/inner", routes=[Mount("/desk", desk)])]))
app.mount("/api", api)
api.mount("/admin", admin)
router.mount("/shop", shop)
app.include_router(router)


def current_user() -> str:
    return "ann"


@app.get("/me")
@api.get("/me")
@admin.get("/me")
@shop.get("/me")
@desk.get("/me")
@hosted.get("/me")
async def me(user: Annotated[str, Depends(current_user)]) -> str:
    return user


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    main = bench.load()
    client = TestClient(main.app)
    paths = ["/me", "/api/me", "/api/admin/me", "/shop/me", "/old/inner/desk/me", "http://shop.example.com/me"]

    def names() -> list[str]:
        return [client.get(path).json() for path in paths]

    overrides = main.app.dependency_overrides
    with main.overridden(main.app, main.current_user, lambda: "bob"):
        assert names() == ["bob"] * len(paths), "the mounted applications have not seen the override"
    assert names() == ["ann"] * len(paths)
    # Whoever keeps the dict, as monkeypatch does, keeps the one that counts.
    assert overrides is main.app.dependency_overrides

"""What is said to be out of reach is out of reach: held against the real dispatch of requests."""

import asyncio
import itertools
from pathlib import Path

from fastapi import APIRouter, FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse

from troubleshoot.inspection.child.collect import collect
from troubleshoot.inspection.reach import unreached
from troubleshoot.inspection.reading import read

SEGMENTS = ["a", "1", "{x}", "{x:int}", "{x:path}", "{x:float}"]
PATHS = [
    "/" + "/".join(parts) for size in (1, 2, 3) for parts in itertools.product(["a", "1", "2", "1.5", ""], repeat=size)
]
METHODS = ["GET", "POST"]

paths = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=2).map(
    lambda parts: "".join("/" + part.replace("x", f"x{index}") for index, part in enumerate(parts))
)
methods = st.lists(st.sampled_from(METHODS), min_size=1, unique=True)
routes = st.lists(st.tuples(paths, methods), min_size=1, max_size=4)
places = st.sampled_from(["app", "router", "mount", "static"])
tables = st.lists(st.tuples(places, routes), min_size=1, max_size=3)


def built(table):
    """Return an application with these routes, each named by a number, which it also answers with."""
    app, numbers = FastAPI(openapi_url=None), itertools.count()

    def add(owner, path, allowed):
        name = f"route_{next(numbers)}"

        async def endpoint():
            return PlainTextResponse(name)

        owner.add_api_route(path, endpoint, methods=allowed, name=name)

    for place, listed in table:
        owner = {"app": app, "router": APIRouter(), "mount": FastAPI(openapi_url=None), "static": None}[place]
        for path, allowed in listed if owner is not None else ():
            add(owner, path, allowed)
        if place == "router":
            app.include_router(owner, prefix="/a")
        elif place == "mount":
            app.mount("/a", owner)
        elif place == "static":
            app.mount("/1", PlainTextResponse("static"))
    return app


def names_reached(app):
    """Return the texts with which `app` answers all requests."""

    async def all_answers():
        return {await answered(app, method, path) for method in METHODS for path in PATHS}

    return asyncio.run(all_answers())


async def answered(app, method, path):
    """Return the text with which `app` answers."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": [], "http_version": "1.1", "scheme": "http", "server": ("test", 80), "root_path": ""}
    await app(scope, receive, send)
    return sent[-1].get("body", b"").decode()


@settings(max_examples=25, deadline=None)
@given(tables)
def test_no_request_reaches_a_route_that_is_said_to_be_unreached(table):
    app = built(table)
    found = {item.route.name for item in unreached(read(collect(app), Path()))} - {""}
    assert not found & names_reached(app)


@settings(max_examples=25, deadline=None)
@given(routes)
def test_a_route_that_only_one_other_can_take_from_is_reached_unless_it_is_said_not_to_be(listed):
    app = built([("app", listed[:2])])
    found = {item.route.name for item in unreached(read(collect(app), Path()))}
    assert {route.name for route in app.routes} - names_reached(app) <= found

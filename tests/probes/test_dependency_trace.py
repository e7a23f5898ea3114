"""The probe shows order, place, number and end of each dependency, and what a fake changes."""

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, get

APPLICATION = """\
from __future__ import annotations

import os
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, WebSocket
from fastapi.security import OAuth2PasswordBearer

from dependency_trace import trace

app = FastAPI()
router = APIRouter(prefix="/api")
scheme = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)


class Session:
    pass


def get_db():
    yield Session()


async def get_user(db: Annotated[Session, Depends(get_db)], token: Annotated[str | None, Depends(scheme)]) -> str:
    return token or "nobody"


async def load(number: int) -> int:
    if number == 0:
        raise ValueError("zero")
    return number


class Page:
    def __init__(self, size: Annotated[int, Header()] = 10) -> None:
        self.size = size


def fresh() -> int:
    return 1


def check(role: str):
    def checker() -> None:
        raise HTTPException(403)

    return checker


@router.get("/items/{number}")
async def read(
    number: Annotated[int, Depends(load)],
    user: Annotated[str, Depends(get_user)],
    db: Annotated[Session, Depends(get_db)],
    page: Annotated[Page, Depends()],
    one: Annotated[int, Depends(fresh, use_cache=False)],
    two: Annotated[int, Depends(fresh, use_cache=False)],
) -> str:
    if number == 404:
        raise HTTPException(404)
    return f"{user} {number} {page.size} {type(db).__name__}"


@app.get("/secret", dependencies=[Depends(check("admin"))])
async def secret() -> str:
    return "secret"


@router.websocket("/ws")
async def greet(websocket: WebSocket, user: Annotated[str, Depends(get_user)]) -> None:
    await websocket.accept()
    await websocket.send_text(user)
    await websocket.close()


app.include_router(router)
if os.environ.get("FAKE"):
    app.dependency_overrides[check("admin")] = lambda: None
    trace(app, fakes={load: lambda: 7})
else:
    trace(app)
"""


def bench(folder) -> Bench:
    content = find_content()
    catalog = load(content)
    probe = catalog.questions["dependency-injection-trace"].probe
    snippet = Renderer(content, catalog).probe(probe.template, fill(probe.parameters, (), {}))
    assert snippet.file_name == "dependency_trace.py"
    (folder / snippet.file_name).write_text(snippet.text)
    (folder / "main.py").write_text(APPLICATION)
    return Bench(folder, fixed=False)


def test_it_shows_the_tree_and_every_run(tmp_path):
    with bench(tmp_path).server() as server:
        status, _, body = get(server.url("/api/items/3"), headers={"Authorization": "Bearer ann"})
        assert (status, body) == (200, '"ann 3 10 Session"')
        assert get(server.url("/api/items/404"))[0] == 404
        assert get(server.url("/api/items/0"))[0] == 500
        assert get(server.url("/secret"))[0] == 403
    log = server.log
    for line in (
        "tree of GET /api/items/{number}",
        "  main.load (async def)",
        "    main.get_db (generator)",
        "  main.get_db (generator, cached)",
        "  main.Page (class, thread)",
        "  main.fresh (def, thread, use_cache=False, runs again)",
        "request 1 GET /api/items/3: main.load starts, run 1, in the event loop",
        "request 1 GET /api/items/3: main.get_db starts, run 1, in thread",
        "request 1 GET /api/items/3: main.get_db gives Session",
        "request 1 GET /api/items/3: main.get_db has cleaned up",
        "request 1 GET /api/items/3: main.fresh starts, run 2, in thread",
        "request 2 GET /api/items/404: main.get_db ends with HTTPException",
        "request 3 GET /api/items/0: main.load ends with ValueError",
        "main.check.<locals>.checker ends with HTTPException",
    ):
        assert line in log, line
    assert "request 1 GET /api/items/3: main.get_db starts, run 2" not in log
    assert log.index("main.get_db gives Session") < log.index("main.get_user starts")
    assert "UNUSED" not in log


def test_it_traces_websockets(tmp_path):
    from websockets.sync.client import connect

    with bench(tmp_path).server() as server:
        with connect(server.ws("/api/ws")) as client:
            assert client.recv() == "nobody"
        assert server.wait_for_log("request 1 WEBSOCKET /api/ws: main.get_db has cleaned up")
    assert "tree of WEBSOCKET /api/ws" in server.log


def test_a_fake_takes_the_place_of_one_and_unused_overrides_are_named(tmp_path):
    with bench(tmp_path).server(env={"FAKE": "1"}) as server:
        status, _, body = get(server.url("/api/items/0"))
        assert (status, body) == (200, '"nobody 7 10 Session"')
        assert get(server.url("/secret"))[0] == 403
    assert "main.load (replaced by main.<lambda>) gives int" in server.log
    assert (
        "UNUSED OVERRIDE main.check.<locals>.checker: no route shown depends on this object; same name: 1" in server.log
    )

"""A middleware reads the session before SessionMiddleware, which was added first and so runs last, has made one."""

from troubleshoot.testing import Bench, get

VISIT = '    request.session["visits"] = request.session.get("visits", 0) + 1\n'
WRONG = {
    "asking first whether there is a session": [(VISIT, f'    if "session" in request.scope:\n    {VISIT}')],
    "the provider in FastAPI(middleware=...), the decorator as it is": [
        ("app = FastAPI()\n", ""),
        (
            'app.add_middleware(SessionMiddleware, secret_key="secret")\n',
            'app = FastAPI(middleware=[Middleware(SessionMiddleware, secret_key="secret")])\n',
        ),
        (
            "from starlette.middleware.sessions",
            "from starlette.middleware import Middleware\nfrom starlette.middleware.sessions",
        ),
    ],
}

# --- broken ---
from fastapi import FastAPI, Request
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="secret")


@app.middleware("http")
async def remember_visit(request: Request, call_next):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return await call_next(request)


# --- application ---
@app.get("/visits")
async def count_visits(request: Request) -> int:
    return request.session["visits"]


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, headers, body = get(server.url("/visits"))
        assert "SessionMiddleware must be installed" not in server.log
        assert (status, body) == (200, "1")
        cookie = headers["set-cookie"].partition(";")[0]
        assert get(server.url("/visits"), headers={"Cookie": cookie})[::2] == (200, "2")

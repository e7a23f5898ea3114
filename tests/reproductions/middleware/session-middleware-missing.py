"""request.session without SessionMiddleware is an AssertionError."""

from troubleshoot.testing import Bench, get

WRONG = {
    "an empty session by hand": [
        (
            '    request.session["visits"] =',
            """    request.scope.setdefault("session", {})
    request.session["visits"] =""",
        )
    ],
    "a secret in the code": """
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="some-random-string")


""",
    "a secret made at the start": """
import secrets

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=secrets.token_urlsafe(32))


""",
}

# --- broken ---
from fastapi import FastAPI

app = FastAPI()


# --- application ---
from fastapi import Request


@app.get("/visits")
async def count_visits(request: Request) -> int:
    request.session["visits"] = request.session.get("visits", 0) + 1
    return request.session["visits"]


# --- check ---
def check(bench: Bench) -> None:
    env = {"SECRET_KEY": "known to all workers"}
    with bench.server(env=env) as server, bench.server(env=env) as another:
        status, headers, body = get(server.url("/visits"))
        assert "must be installed to access request.session" not in server.log
        assert (status, body) == (200, "1")
        cookie = headers.get("set-cookie", "").partition(";")[0]
        assert get(server.url("/visits"), headers={"Cookie": cookie})[2] == "2"
        assert get(another.url("/visits"), headers={"Cookie": cookie})[2] == "2"
    with bench.server(env={"SECRET_KEY": "of another installation"}) as foreign:
        assert get(foreign.url("/visits"), headers={"Cookie": cookie})[2] == "1", (
            "whoever has the code can sign sessions"
        )

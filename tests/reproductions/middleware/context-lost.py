"""A context variable set in the endpoint has its old value in a BaseHTTPMiddleware."""

from troubleshoot.testing import Bench, get

DECLARED = 'current_user: ContextVar[str | None] = ContextVar("current_user", default=None)\n'
CALL = "        response = await call_next(request)\n"
WRONG = {
    "contextvars.copy_context()": [
        (CALL, "        response = await copy_context().run(call_next, request)\n"),
        ("from contextvars import ContextVar", "from contextvars import ContextVar, copy_context"),
    ],
    "a global in place of the context variable": [
        (
            DECLARED,
            """
class Current:
    value: str | None = None

    def get(self) -> str | None:
        return self.value

    def set(self, value: str) -> None:
        self.value = value


current_user = Current()
""",
        )
    ],
}

# --- broken ---
from contextvars import ContextVar

from fastapi import Request
from starlette.middleware.base import BaseHTTPMiddleware

current_user: ContextVar[str | None] = ContextVar("current_user", default=None)


class UserHeaderMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        response = await call_next(request)
        user = current_user.get()
        if user is not None:
            response.headers["x-user"] = user
        return response


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.add_middleware(UserHeaderMiddleware)


@app.get("/users/{name}")
async def read_user(name: str) -> str:
    current_user.set(name)
    return name


@app.get("/nobody")
async def read_nobody() -> str:
    return "nobody"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, headers, body = get(server.url("/users/ada"))
        assert (status, body) == (200, '"ada"')
        assert headers.get("x-user") == "ada"
        assert "x-user" not in get(server.url("/nobody"))[1]

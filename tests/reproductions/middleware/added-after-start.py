"""A middleware that is added in the lifespan function keeps the server from starting."""

from troubleshoot.testing import Bench, eventually, get

ADDED = "    app.add_middleware(BaseHTTPMiddleware, dispatch=add_greeting)\n"
WRONG = {
    "app.middleware_stack = None before it": [(ADDED, f"    app.middleware_stack = None\n{ADDED}")],
    "into the list of middlewares by hand": [
        (ADDED, "    app.user_middleware.insert(0, Middleware(BaseHTTPMiddleware, dispatch=add_greeting))\n"),
        (
            "from starlette.middleware.base",
            "from starlette.middleware import Middleware\nfrom starlette.middleware.base",
        ),
    ],
}

# --- broken ---
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from starlette.middleware.base import BaseHTTPMiddleware


async def load_greeting() -> str:
    return "hello"


@asynccontextmanager
async def lifespan(app: FastAPI):
    greeting = await load_greeting()

    async def add_greeting(request: Request, call_next):
        response = await call_next(request)
        response.headers["x-greeting"] = greeting
        return response

    app.add_middleware(BaseHTTPMiddleware, dispatch=add_greeting)
    yield


app = FastAPI(lifespan=lifespan)


# --- application ---
class Sessions:
    """Another middleware, which opens its store at start-up."""

    def __init__(self, app):
        self.app = app
        self.opened = False

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            self.opened = True
        assert self.opened, "this middleware has not seen the start-up"
        await self.app(scope, receive, send)


app.add_middleware(Sessions)


@app.get("/")
async def read_root() -> str:
    return "ok"


mounted = FastAPI()
app.mount("/mounted", mounted)


@mounted.get("/")
async def read_mounted() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server(wait=False) as server:
        running = "Uvicorn running on"
        assert eventually(lambda: running in server.log or server.process.poll() is not None, 20)
        assert "Cannot add middleware" not in server.log
        assert running in server.log
        for path in ("/", "/mounted/"):
            status, headers, body = get(server.url(path))
            assert (status, headers.get("x-greeting"), body) == (200, "hello", '"ok"')

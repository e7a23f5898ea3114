"""A middleware that is added in the lifespan function keeps the server from starting."""

from troubleshoot.testing import Bench, get

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
@app.get("/")
async def read_root() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    with bench.server(wait=False) as server:
        started = server.wait_for_log("Uvicorn running on", 15 if bench.fixed else 6)
        assert "Cannot add middleware" not in server.log
        assert started
        assert get(server.url("/"))[1].get("x-greeting") == "hello"

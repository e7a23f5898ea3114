"""A middleware reads the session before SessionMiddleware, which was added first and so runs last, has made one."""

from troubleshoot.testing import Bench, get

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
        status, _, body = get(server.url("/visits"))
        assert "SessionMiddleware must be installed" not in server.log
        assert (status, body) == (200, "1")

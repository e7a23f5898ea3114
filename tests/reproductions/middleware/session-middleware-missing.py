"""request.session without SessionMiddleware is an AssertionError."""

from troubleshoot.testing import Bench, get

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
    with bench.server(env={"SECRET_KEY": "known to all workers"}) as server:
        status, headers, body = get(server.url("/visits"))
        assert "must be installed to access request.session" not in server.log
        assert (status, body) == (200, "1")
        cookie = headers["set-cookie"].partition(";")[0]
        assert get(server.url("/visits"), headers={"Cookie": cookie})[2] == "2"

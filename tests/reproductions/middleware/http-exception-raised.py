"""HTTPException(401) raised in a middleware reaches the client as 500 and the log as a traceback."""

from troubleshoot.testing import Bench, get

RAISE = '        raise HTTPException(401, "a valid token is needed", {"WWW-Authenticate": "Bearer"})\n'
WRONG = {
    "an exception handler for HTTPException": [
        (
            '@app.get("/items")',
            """@app.exception_handler(HTTPException)
async def refuse(request, error):
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


@app.get("/items")""",
        ),
        (
            "import FastAPI, HTTPException, Request",
            "import FastAPI, HTTPException, Request\nfrom fastapi.responses import JSONResponse",
        ),
    ],
    "returning the HTTPException": [(RAISE, RAISE.replace("raise", "return"))],
}

# --- broken ---
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


@app.middleware("http")
async def require_token(request: Request, call_next):
    if request.headers.get("authorization") != "Bearer secret":
        raise HTTPException(401, "a valid token is needed", {"WWW-Authenticate": "Bearer"})
    return await call_next(request)


# --- application ---
@app.get("/items")
async def read_items() -> list[str]:
    return ["one"]


# --- check ---
def check(bench: Bench) -> None:
    with bench.server(env={"API_TOKEN": "secret"}) as server:
        assert get(server.url("/items"), headers={"Authorization": "Bearer secret"})[::2] == (200, '["one"]')
        for sent in ({}, {"Authorization": "Bearer wrong"}):
            status, headers, body = get(server.url("/items"), headers=sent)
            assert (status, headers.get("www-authenticate")) == (401, "Bearer"), sent
            assert body == '{"detail":"a valid token is needed"}'
    assert "Traceback" not in server.log

"""The probe shows the order of the middlewares and which of them answers."""

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, get

MAIN = """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware.gzip import GZipMiddleware

app = FastAPI()
app.add_middleware(GZipMiddleware)


@app.middleware("http")
async def require_key(request: Request, call_next):
    if request.url.path == "/closed":
        return JSONResponse({"detail": "no"}, status_code=401)
    return await call_next(request)


@app.get("/open")
async def read_open() -> str:
    return "ok"


@app.get("/closed")
async def read_closed() -> str:
    return "ok"


@app.get("/fails")
async def fail() -> None:
    raise ValueError("on purpose")


from middleware_order import watch_middleware

watch_middleware(app)
"""


def lines(log):
    marks = ("middleware ", "enter", "leave", "answers", "raised")
    return [line.strip() for line in log.splitlines() if any(mark in line for mark in marks) and line[:4] != "INFO"]


def test_the_probe_shows_the_order_and_who_answers(tmp_path):
    content = find_content()
    snippet = Renderer(content, load(content)).probe("middleware-order", {"module": "main:app"})
    assert snippet.file_name == "middleware_order.py"
    (tmp_path / snippet.file_name).write_text(snippet.text)
    (tmp_path / "main.py").write_text(MAIN)
    with Bench(tmp_path, fixed=False).server() as server:
        at_start = lines(server.log)
        assert get(server.url("/open"))[::2] == (200, '"ok"')
        assert server.wait_for_log("1 require_key: leave")
        opened = lines(server.log)[len(at_start) :]
        assert get(server.url("/closed"))[0] == 401
        assert server.wait_for_log("answers 401")
        assert get(server.url("/fails"))[0] == 500
        assert server.wait_for_log("raised ValueError")
        log = lines(server.log)
    assert at_start == ["middleware 1: require_key", "middleware 2: GZipMiddleware", "middleware 3: the routes"]
    assert opened[:4] == [
        "1 require_key: enter GET /open",
        "2 GZipMiddleware: enter GET /open",
        "3 the routes: enter GET /open",
        "3 the routes: answers 200",
    ]
    assert sorted(opened[4:]) == ["1 require_key: leave", "2 GZipMiddleware: leave", "3 the routes: leave"]
    assert "1 require_key: answers 401" in log
    assert "2 GZipMiddleware: enter GET /closed" not in log
    assert "3 the routes: raised ValueError" in log

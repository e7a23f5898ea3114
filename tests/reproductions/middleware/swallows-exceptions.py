"""A middleware that answers for every exception leaves no trace of it in the log."""

from troubleshoot.testing import Bench, get

ANSWER = '        return JSONResponse({"detail": str(error)}, status_code=500)\n'
SHORT = '        return JSONResponse({"detail": "internal error"}, status_code=500)\n'
WRONG = {
    "logging the message": [
        (ANSWER, f'        logging.error("internal error: %s", error)\n{SHORT}'),
        ("from fastapi import FastAPI, Request", "import logging\n\nfrom fastapi import FastAPI, Request"),
    ],
    "debug=True": [(ANSWER, SHORT), ("app = FastAPI()", "app = FastAPI(debug=True)")],
}

# --- broken ---
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def answer_for_errors(request: Request, call_next):
    try:
        return await call_next(request)
    except Exception as error:
        return JSONResponse({"detail": str(error)}, status_code=500)


# --- application ---
@app.get("/total")
async def total(count: int) -> float:
    return 10 / count


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/total?count=2"))[::2] == (200, "5.0")
        status, _, body = get(server.url("/total?count=0"))
        assert status == 500
        assert server.wait_for_log("ZeroDivisionError", 3)
        assert "in total" in server.log
        assert "division" not in body

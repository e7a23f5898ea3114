"""The 500 of an unhandled exception is made outside CORSMiddleware, so a browser cannot read it."""

from troubleshoot.testing import Bench, get

WRONG = {
    "every origin": [('allow_origins=["http://localhost:3000"]', 'allow_origins=["*"]')],
    "an exception handler for Exception": [
        (
            '@api.get("/divide")',
            """@api.exception_handler(Exception)
async def answer(request, error):
    return JSONResponse({"detail": "internal error"}, status_code=500)


@api.get("/divide")""",
        ),
        ("from fastapi import FastAPI", "from fastapi import FastAPI\nfrom fastapi.responses import JSONResponse"),
    ],
    "the header set by hand in an exception handler": [
        (
            '@api.get("/divide")',
            """@api.exception_handler(Exception)
async def answer(request, error):
    page = request.headers.get("origin", "*")
    return JSONResponse({"detail": "internal error"}, 500, {"Access-Control-Allow-Origin": page})


@api.get("/divide")""",
        ),
        ("from fastapi import FastAPI", "from fastapi import FastAPI\nfrom fastapi.responses import JSONResponse"),
    ],
}

# --- broken ---
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

api = FastAPI()
api.add_middleware(CORSMiddleware, allow_origins=["http://localhost:3000"], allow_methods=["*"], allow_headers=["*"])
app = api


# --- application ---
@api.get("/divide")
async def divide(by: int) -> float:
    return 1 / by


# --- check ---
def check(bench: Bench) -> None:
    page = {"Origin": "http://localhost:3000"}
    with bench.server() as server:
        status, headers, _ = get(server.url("/divide?by=2"), headers=page)
        assert (status, headers.get("access-control-allow-origin") in ("http://localhost:3000", "*")) == (200, True)
        status, headers, _ = get(server.url("/divide?by=0"), headers=page)
        assert (status, headers.get("access-control-allow-origin")) == (500, "http://localhost:3000")
        status, headers, _ = get(server.url("/divide?by=0"), headers={"Origin": "https://evil.example"})
        assert (status, headers.get("access-control-allow-origin")) == (500, None)
        assert server.wait_for_log("ZeroDivisionError")

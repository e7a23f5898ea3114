"""A monitor asks with HEAD; the route is declared for GET, and FastAPI does not add HEAD."""

from troubleshoot.testing import Bench, get

WRONG = {
    "HEAD allowed for CORS": [
        (
            "app = FastAPI()",
            """\
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD"])""",
        )
    ],
    "every 405 answered with 200": [
        (
            "app = FastAPI()",
            """\
from fastapi.responses import Response

app = FastAPI()


@app.exception_handler(405)
async def allow(request, error):
    return Response(status_code=200)

""",
        )
    ],
    "a slash at the end": [('@router.get("/health")', '@router.get("/health/")\n@router.get("/health")')],
}

# --- broken ---
from fastapi import APIRouter

router = APIRouter()


@router.get("/health")
async def read() -> dict[str, str]:
    return {"status": "ok"}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, asked, body = get(server.url("/health"))
        assert (status, body) == (200, '{"status":"ok"}')
        status, headers, _ = get(server.url("/health"), method="HEAD")
        assert status == 200, (status, headers.get("allow"))
        assert headers["content-length"] == asked["content-length"]
        assert get(server.url("/health"), method="DELETE")[0] == 405

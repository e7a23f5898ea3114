"""A monitor asks with HEAD; the route is declared for GET, and FastAPI does not add HEAD."""

from troubleshoot.testing import Bench, get

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
        assert get(server.url("/health"))[0] == 200
        status, headers, _ = get(server.url("/health"), method="HEAD")
        assert status == 200, (status, headers.get("allow"))

"""While an async endpoint waits in a blocking call, a trivial endpoint does not answer."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/report", "endpoint": "read_report"}

# --- broken ---
import time

from fastapi import APIRouter

router = APIRouter()


def fetch_report() -> dict[str, str]:
    time.sleep(2)
    return {"status": "done"}


@router.get("/report")
async def read_report() -> dict[str, str]:
    return fetch_report()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/health")
async def read_health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import time
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:
        assert get(server.url("/health"))[0] == 200
        slow = clients.submit(get, server.url("/report"))
        time.sleep(0.4)
        started = time.monotonic()
        assert get(server.url("/health"))[0] == 200
        waited = time.monotonic() - started
        assert slow.result()[2] == '{"status":"done"}'
    assert waited < 0.8, f"/health waited {waited:.2f} s"

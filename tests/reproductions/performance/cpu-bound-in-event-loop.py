"""While an async endpoint computes, a trivial endpoint does not answer."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/primes", "endpoint": "read_primes"}

# --- broken ---
from fastapi import APIRouter, FastAPI

router = APIRouter()


def count_primes(limit: int) -> int:
    return sum(all(number % divisor for divisor in range(2, int(number**0.5) + 1)) for number in range(2, limit))


@router.get("/primes")
async def read_primes(limit: int = 10_000) -> int:
    return count_primes(limit)


app = FastAPI()
app.include_router(router)


# --- application ---
@app.get("/health")
async def read_health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import time
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:
        assert get(server.url("/primes?limit=100"), seconds=30)[2] == "25"
        slow = clients.submit(get, server.url("/primes?limit=700000"), seconds=60)
        time.sleep(0.3)
        started = time.monotonic()
        assert get(server.url("/health"), seconds=60)[0] == 200
        waited = time.monotonic() - started
        assert not slow.done(), f"/health waited {waited:.2f} s, until the computation was over"
        assert slow.result()[2] == "56543"

"""While an async endpoint computes, a trivial endpoint does not answer."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/primes", "endpoint": "read_primes"}
WRONG = {
    "asyncio.create_task": [
        ("    return count_primes(limit)\n", "    return await asyncio.create_task(counted(limit))\n"),
        ("@router.get", "async def counted(limit: int) -> int:\n    return count_primes(limit)\n\n\n@router.get"),
        ("from fastapi import APIRouter", "import asyncio\n\nfrom fastapi import APIRouter"),
    ],
    "giving way once before it": [
        ("    return count_primes(limit)\n", "    await asyncio.sleep(0)\n    return count_primes(limit)\n"),
        ("from fastapi import APIRouter", "import asyncio\n\nfrom fastapi import APIRouter"),
    ],
}

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
order = []


@app.middleware("http")
async def record(request, call_next):
    order.append(f"{request.url.path} came")
    response = await call_next(request)
    order.append(f"{request.url.path} went")
    return response


@app.get("/order")
async def read_order() -> list[str]:
    return order


# --- check ---
def check(bench: Bench) -> None:
    import json
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:

        def order() -> list[str]:
            return [line for line in json.loads(get(server.url("/order"), seconds=60)[2]) if "primes" in line]

        assert get(server.url("/primes?limit=100"), seconds=30)[2] == "25"
        slow = clients.submit(get, server.url("/primes?limit=400000"), seconds=60)
        assert eventually(lambda: len(order()) > 2, seconds=30)
        meanwhile = order()
        assert slow.result()[2] == "33860"
    assert meanwhile == ["/primes came", "/primes went", "/primes came"], "nothing else was served meanwhile"

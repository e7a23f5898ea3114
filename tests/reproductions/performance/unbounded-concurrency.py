"""A request with many items overruns the other service, which refuses more than twenty calls at a time."""

import os

from troubleshoot.testing import Bench, free_port

# The header runs more than once; the environment keeps the port the same.
PORT = int(os.environ.setdefault("UNBOUNDED_CONCURRENCY_PORT", str(free_port())))
PARAMETERS = {"base_url": f"http://127.0.0.1:{PORT}", "limit": "5", "path": "/prices", "endpoint": "read_prices"}
FILES = {
    "address.py": f'BASE_URL = "http://127.0.0.1:{PORT}"\n',
    "peer.py": """
import asyncio

from fastapi import FastAPI

app = FastAPI()


@app.get("/prices/{name}")
async def read_price(name: str) -> float:
    await asyncio.sleep(0.1)
    return 9.5
""",
}
ASKED = '        response = await request.state.client.get(f"/prices/{name}")\n'
WRONG = {
    "a semaphore for each call": [(ASKED, f"        async with asyncio.Semaphore(5):\n    {ASKED}")],
    "a longer time-out": [("timeout=10", "timeout=60")],
    "a larger pool of connections": [("timeout=10", "timeout=10, limits=httpx2.Limits(max_connections=1000)")],
}

# --- broken ---
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from address import BASE_URL
from fastapi import APIRouter, FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, httpx2.AsyncClient]]:
    async with httpx2.AsyncClient(base_url=BASE_URL, timeout=10) as client:
        yield {"client": client}


router = APIRouter()


@router.post("/prices")
async def read_prices(names: list[str], request: Request) -> dict[str, float]:
    async def fetch(name: str) -> float:
        response = await request.state.client.get(f"/prices/{name}")
        response.raise_for_status()
        return response.json()

    return dict(zip(names, await asyncio.gather(*(fetch(name) for name in names)), strict=True))


app = FastAPI(lifespan=lifespan)
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json
    import sys
    import urllib.error
    import urllib.request

    peer = [sys.executable, "-m", "uvicorn", "peer:app", "--port", str(PORT), "--limit-concurrency", "20"]
    with bench.process(peer, port=PORT), bench.server() as server:
        names = [f"item-{number}" for number in range(80)]
        request = urllib.request.Request(
            server.url("/prices"), data=json.dumps(names).encode(), headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error.code}\n{server.log[-600:]}") from error
    assert answer == dict.fromkeys(names, 9.5)

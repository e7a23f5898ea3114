"""A client that opens six connections to a host, as browsers do, cannot ask a seventh question while six are held."""

from troubleshoot.testing import Bench

WRONG = {
    "async def with the work in a thread": [
        ("def order():\n    time.sleep(2)\n", "async def order():\n    await asyncio.to_thread(time.sleep, 2)\n"),
        ("import time\n", "import asyncio\nimport time\n"),
    ],
}

# --- broken ---
import time

from fastapi import APIRouter

router = APIRouter()


@router.post("/forecasts")
def order():
    time.sleep(2)
    return {"result": "sunny"}


# --- application ---
import threading

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
freed = threading.Event()
time.sleep = lambda seconds: freed.wait(30)  # the work ends when the check says so


@app.post("/free")
async def free() -> None:
    freed.set()


@app.get("/menu")
async def read_menu() -> str:
    return "soup"


# --- check ---
def check(bench: Bench) -> None:
    import asyncio

    import httpx2

    async def browse() -> None:
        limits = httpx2.Limits(max_connections=6)
        async with (
            httpx2.AsyncClient(base_url=server.url(), limits=limits, timeout=20) as browser,
            httpx2.AsyncClient(base_url=server.url(), timeout=20) as curl,
        ):
            orders = [asyncio.create_task(browser.post("/forecasts")) for _ in range(6)]
            menu = asyncio.create_task(browser.get("/menu"))
            served, _ = await asyncio.wait({menu}, timeout=3)
            assert (await curl.get("/menu")).json() == "soup"
            assert (await curl.post("/free")).status_code == 200
            answers = await asyncio.gather(*orders)
            assert (await menu).json() == "soup"
            assert served, "the seventh request was not even sent"
            for answer in answers:
                assert answer.status_code == 202
                job = answer.json()["job"]
                while (result := (await browser.get(f"/forecasts/{job}")).json())["state"] == "running":
                    await asyncio.sleep(0.1)
                assert result == {"state": "done", "result": "sunny"}

    with bench.server() as server:
        asyncio.run(browse())

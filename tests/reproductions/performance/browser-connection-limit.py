"""A client that opens six connections to a host, as browsers do, cannot ask a seventh question while six are held."""

from troubleshoot.testing import Bench

ATTEMPT = """
import asyncio

from fastapi import APIRouter

router = APIRouter()


@router.post("/forecasts")
async def order():
    await asyncio.sleep(2)
    return {"result": "sunny"}
"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
import time

from fastapi import APIRouter

router = APIRouter()


@router.post("/forecasts")
def order():
    time.sleep(2)
    return {"result": "sunny"}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/menu")
async def read_menu() -> str:
    return "soup"


# --- check ---
def check(bench: Bench) -> None:
    import asyncio

    import httpx2

    async def browse() -> None:
        limits = httpx2.Limits(max_connections=6)
        async with httpx2.AsyncClient(base_url=server.url(), limits=limits, timeout=20) as browser:
            orders = [asyncio.create_task(browser.post("/forecasts")) for _ in range(6)]
            await asyncio.sleep(0.3)
            menu = asyncio.create_task(browser.get("/menu"))
            first, _ = await asyncio.wait({*orders, menu}, timeout=1)
            async with httpx2.AsyncClient(base_url=server.url()) as curl:
                assert (await curl.get("/menu")).json() == "soup"
            answers = await asyncio.gather(*orders)
            await menu
            assert menu in first, "the seventh request was not even sent"
            for answer in answers:
                assert answer.status_code == 202
                job = answer.json()["job"]
                while not (result := (await browser.get(f"/forecasts/{job}")).json())["done"]:
                    await asyncio.sleep(0.1)
                assert result["result"] == "sunny"

    with bench.server() as server:
        asyncio.run(browse())

"""The 500 of an unhandled exception is made outside CORSMiddleware, so a browser cannot read it."""

from troubleshoot.testing import Bench, get

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
        assert (status, headers.get("access-control-allow-origin")) == (200, "http://localhost:3000")
        status, headers, _ = get(server.url("/divide?by=0"), headers=page)
        assert (status, headers.get("access-control-allow-origin")) == (500, "http://localhost:3000")
        assert server.wait_for_log("ZeroDivisionError")

"""A name without an import and a variable that only one branch sets: each request fails in another way."""

from troubleshoot.testing import Bench, get

IMPORTED = ("from fastapi import APIRouter\n", "from decimal import Decimal\n\nfrom fastapi import APIRouter\n")
WRONG = {
    "the import alone": [IMPORTED, ("net: float", "net: Decimal")],
    "a value so that it has one": [
        IMPORTED,
        ("net: float", "net: Decimal"),
        ("    if reduced:\n", "    rate = 0\n    if reduced:\n"),
    ],
    "float in place of the name": [("Decimal(", "float(")],
}

# --- broken ---
from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()


@router.get("/price")
def read_price(net: float, reduced: bool = False) -> str:
    if reduced:
        rate = Decimal("0.07")
    return str(net * (1 + rate))


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        answers = [get(server.url(f"/price?net=100&reduced={reduced}")) for reduced in ("true", "false")]
        if not bench.fixed and "Decimal" in server.log:
            assert server.wait_for_log("name 'Decimal' is not defined")
    assert [(status, body.strip('"')) for status, _, body in answers] == [(200, "107.00"), (200, "119.00")]

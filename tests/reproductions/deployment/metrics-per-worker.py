"""Two processes count for themselves, and what /metrics says depends on which of them answers.

The variable for the multiprocess mode is set in both halves; alone it does not help.
"""

from troubleshoot.testing import Bench

PARAMETERS = {"metric": "orders", "path": "/metrics"}

COUNTER = 'Counter("orders", "How many there were.")'
WRONG = {
    "a label with the process": [
        (COUNTER, COUNTER.replace(")", ', ["process"]).labels(os.getpid())')),
        ("from fastapi import APIRouter, Response", "import os\n\nfrom fastapi import APIRouter, Response"),
    ],
    "another registry of the process": [
        (COUNTER, COUNTER.replace(")", ", registry=registry)")),
        ("router = APIRouter()", "router = APIRouter()\nregistry = CollectorRegistry()"),
        ("generate_latest()", "generate_latest(registry)"),
        ("CONTENT_TYPE_LATEST, Counter", "CONTENT_TYPE_LATEST, CollectorRegistry, Counter"),
    ],
}

# --- broken ---
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

router = APIRouter()
orders = Counter("orders", "How many there were.")


@router.get("/metrics")
def metrics():
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.post("/orders")
def order() -> str:
    orders.inc()
    return "ordered"


# --- check ---
def check(bench: Bench) -> None:
    import re

    from troubleshoot.testing import get

    folder = bench.folder / "metrics"
    folder.mkdir()
    env = {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
    with bench.server(env=env) as one, bench.server(env=env) as two:
        for server in (one, two, two, one, two):
            assert get(server.url("/orders"), method="POST")[0] == 200
        answers = [get(server.url("/metrics"))[2] for server in (one, two)]
    counts = [sum(map(float, re.findall(r"^orders_total\S* (\S+)$", answer, re.MULTILINE))) for answer in answers]
    assert counts == [5.0, 5.0]

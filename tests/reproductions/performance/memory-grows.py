"""Every request with a new key leaves its result in a module-level dict, so memory only ever grows."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/reports/{key}", "endpoint": "read_report", "entries": "8"}
WRONG = {
    "lru_cache without a size": [
        ("def build_report", "@functools.lru_cache(maxsize=None)\ndef build_report"),
        (
            "    if key not in reports:\n        reports[key] = key * 100_000\n    return reports[key]\n",
            "    return key * 100_000\n",
        ),
        ("from fastapi import APIRouter\n", "import functools\n\nfrom fastapi import APIRouter\n"),
    ],
    "gc.collect after each request": [
        ("    return len(build_report(key))\n", "    gc.collect()\n    return len(build_report(key))\n"),
        ("from fastapi import APIRouter\n", "import gc\n\nfrom fastapi import APIRouter\n"),
    ],
}

# --- broken ---
from fastapi import APIRouter

router = APIRouter()
reports: dict[str, str] = {}


def build_report(key: str) -> str:
    if key not in reports:
        reports[key] = key * 100_000
    return reports[key]


@router.get("/reports/{key}")
def read_report(key: str) -> int:
    return len(build_report(key))


# --- application ---
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/memory")
def read_memory() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:

        def use(numbers: range) -> int:
            for number in numbers:
                assert get(server.url(f"/reports/report-{number:013}"))[2] == "2000000"
            return int(get(server.url("/memory"))[2])

        before = use(range(20))
        after = use(range(20, 100))
    assert after - before < 80, f"memory grew from {before} to {after} MB in 80 requests"

"""Two workers hold an array of 120 MB twice, although both only read it."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"file": "vectors.npy"}
YIELDED = '    yield {"vectors": np.load("vectors.npy")}\n'
WRONG = {
    "loading at import": [
        (YIELDED, '    yield {"vectors": VECTORS}\n'),
        ("class State(", 'VECTORS = np.load("vectors.npy")\n\n\nclass State('),
    ],
    "a cached function": [
        (YIELDED, '    yield {"vectors": load()}\n'),
        ("class State(", '@functools.cache\ndef load():\n    return np.load("vectors.npy")\n\n\nclass State('),
        ("from collections.abc", "import functools\nfrom collections.abc"),
    ],
}

# --- broken ---
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, TypedDict

import numpy as np
from fastapi import APIRouter, Depends, FastAPI, Request


class State(TypedDict):
    vectors: np.ndarray


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[State]:
    yield {"vectors": np.load("vectors.npy")}


async def get_vectors(request: Request) -> np.ndarray:
    return request.state.vectors


router = APIRouter()


@router.get("/score")
def score(vectors: Annotated[np.ndarray, Depends(get_vectors)]) -> float:
    return float(vectors.max())


app = FastAPI(lifespan=lifespan)
app.include_router(router)


# --- application ---
import os


@app.get("/process")
async def read_process() -> int:
    return os.getpid()


# --- check ---
def check(bench: Bench) -> None:
    import re
    from pathlib import Path

    import numpy

    from troubleshoot.testing import eventually

    numpy.save(bench.folder / "vectors.npy", numpy.ones(15_000_000))
    with bench.server("--workers", "2") as server:
        assert eventually(lambda: server.log.count("Application startup complete") == 2, 20)
        processes: set[str] = set()

        def seen_both() -> bool:
            assert get(server.url("/score"))[2] == "1.0"
            processes.add(get(server.url("/process"))[2])
            return len(processes) == 2

        assert eventually(seen_both, 20)
        used = 0
        for process in processes:
            report = Path(f"/proc/{process}/smaps_rollup").read_text()
            used += int(re.search(r"^Pss_Anon:\s+(\d+) kB", report, re.MULTILINE)[1]) // 1024
    (bench.folder / "vectors.npy").unlink()
    assert used < 200, f"two workers have {used} MB of their own for an array of 120 MB"

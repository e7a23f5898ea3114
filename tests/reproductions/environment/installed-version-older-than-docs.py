"""The code imports a module of FastAPI that came with a later release than the one that is installed.

Nothing is installed here: a `sitecustomize.py` takes the module away unless the requirements name a release that has it.
"""

from troubleshoot.testing import Bench

PARAMETERS = {"release": "0.135"}
BROKEN = "fastapi==0.110.0\nuvicorn\n"
FILES = {
    "sitecustomize.py": """\
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

from packaging.requirements import Requirement

lines = Path(__file__).with_name("requirements.txt").read_text().splitlines()
wanted = [Requirement(line) for line in lines if line and not line.startswith("#")]
(fastapi,) = [each for each in wanted if each.name == "fastapi"]


class OldRelease(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "fastapi.sse":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


# What is installed already satisfies a requirement without a lower bound.
if fastapi.specifier.contains("0.110.0"):
    sys.meta_path.insert(0, OldRelease())
"""
}
WRONG = {
    "the same release reinstalled": "fastapi\nuvicorn\n# pip install --force-reinstall fastapi==0.110.0\n",
    "a bound above": "fastapi<1\nuvicorn\n",
    "FastAPI's extras": "fastapi[standard]\nuvicorn\n",
}

# --- application ---
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.sse import EventSourceResponse

app = FastAPI()


@app.get("/ticks", response_class=EventSourceResponse)
async def ticks() -> AsyncIterator[int]:
    for number in range(3):
        yield number


# --- check ---
def check(bench: Bench) -> None:
    from troubleshoot.testing import eventually, get

    with bench.server(wait=False) as server:
        assert eventually(lambda: server.process.poll() is not None or "Uvicorn running" in server.log, 60)
        assert "No module named 'fastapi.sse'" not in server.log
        assert "data: 2" in get(server.url("/ticks"))[2]

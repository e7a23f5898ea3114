"""An application with a form, installed from requirements without python-multipart, cannot be imported.

Nothing is installed here: a `sitecustomize.py` hides the package unless the requirements name it.
"""

from troubleshoot.testing import Bench

BROKEN = "fastapi\nuvicorn\n"
WRONG = {
    "the package multipart": BROKEN + "multipart\n",
    "a newer FastAPI": BROKEN.replace("fastapi", "fastapi>=0.165"),
}

FILES = {
    "sitecustomize.py": """\
import sys
from pathlib import Path

wanted = Path(__file__).with_name("requirements.txt").read_text().splitlines()
if not {"python-multipart", "fastapi[standard]"} & set(wanted):
    sys.modules["python_multipart"] = None
    sys.modules["multipart"] = None
"""
}

# --- application ---
from typing import Annotated

from fastapi import FastAPI, Form

app = FastAPI()


@app.post("/login")
async def login(name: Annotated[str, Form()]) -> str:
    return name


# --- check ---
def check(bench: Bench) -> None:
    import requests

    from troubleshoot.testing import eventually

    with bench.server(wait=False) as server:
        assert eventually(lambda: server.process.poll() is not None or "startup complete" in server.log, 60)
        assert 'Form data requires "python-multipart" to be installed' not in server.log
        assert eventually(lambda: "Uvicorn running" in server.log)
        assert requests.post(server.url("/login"), data={"name": "ann"}, timeout=30).json() == "ann"

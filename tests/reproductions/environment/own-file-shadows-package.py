"""The first file of the tutorial, saved as fastapi.py: it imports itself."""

from troubleshoot.testing import Bench

FASTAPI = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def read_root() -> dict[str, str]:
    return {"hello": "world"}
"""
BROKEN = "from fastapi import app\n"
FILES = {"fastapi.py": FASTAPI}


# --- check ---
def check(bench: Bench) -> None:
    from troubleshoot.testing import eventually, get

    if bench.fixed:
        (bench.folder / "fastapi.py").unlink()  # main.py is what became of it
    with bench.server(wait=False) as server:
        assert eventually(lambda: server.process.poll() is not None or "Uvicorn running" in server.log, 20)
        assert "partially initialized module 'fastapi'" not in server.log
        assert get(server.url("/"))[2] == '{"hello":"world"}'

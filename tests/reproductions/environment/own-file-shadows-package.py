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
WRONG = {
    "the application copied, and fastapi.py left beside it": FASTAPI,
    "another form of the import": "import fastapi\n\napp = fastapi.app\n",
    "sys.path.append": "import sys\n\nsys.path.append(sys.prefix)\nfrom fastapi import app\n",
}


# --- check ---
def check(bench: Bench) -> None:
    from troubleshoot.testing import eventually, get

    if "a file whose name belongs to no package" in (bench.folder / "main.py").read_text():
        (bench.folder / "fastapi.py").unlink()  # main.py is what became of it
    with bench.server(wait=False) as server:
        assert eventually(lambda: server.process.poll() is not None or "Uvicorn running" in server.log, 60)
        assert "partially initialized module 'fastapi'" not in server.log
        assert server.process.poll() is None, server.log
        assert get(server.url("/"))[2] == '{"hello":"world"}'

"""A file beside the module is found from the project's folder, and not from any other."""

from troubleshoot.testing import Bench, get

FILES = {"data/prices.json": '{"lamp": 9.5}'}
OPENED = 'open("data/prices.json")'
WRONG = {
    "from the current folder": [
        (OPENED, 'open(os.path.join(os.getcwd(), "data", "prices.json"))'),
        ("import json\n", "import json\nimport os\n"),
    ],
    "resolve()": [
        (OPENED, 'Path("data/prices.json").resolve().open()'),
        ("import json\n", "import json\nfrom pathlib import Path\n"),
    ],
    "os.chdir()": [
        ("import json\n", "import json\nimport os\n"),
        ("router = APIRouter()\n", "router = APIRouter()\nos.chdir(os.path.dirname(__file__))\n"),
    ],
    "a dot before it": [(OPENED, 'open("./data/prices.json")')],
}

# --- broken ---
import json

from fastapi import APIRouter

router = APIRouter()


@router.get("/prices")
def read_prices() -> dict[str, float]:
    with open("data/prices.json") as file:
        return json.load(file)


# --- application ---
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/folder")
def read_folder() -> str:
    return str(Path.cwd())


# --- check ---
def check(bench: Bench) -> None:
    import sys

    from troubleshoot.testing import free_port

    port = free_port()
    # From the root, as a service manager does it.
    command = [
        sys.executable, "-c", "import os, sys; os.chdir('/'); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])",
        "-m", "uvicorn", "main:app", "--port", str(port), "--no-use-colors",
    ]  # fmt: skip
    with bench.process(command, port=port) as server:
        folder = get(server.url("/folder"))[2]
        status, _, body = get(server.url("/prices"))
        if status == 500:
            assert server.wait_for_log("No such file or directory: ")
    assert (status, body) == (200, '{"lamp":9.5}')
    assert folder == '"/"', "whatever else has a relative path is looked for elsewhere now"

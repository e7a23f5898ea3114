"""gunicorn calls the application as if it were WSGI, and every request ends in 500."""

from troubleshoot.testing import Bench, eventually, free_port

PARAMETERS = {"workers": "1"}

BROKEN = """\
wsgi_app = "main:app"
workers = 1
"""

WRONG = {
    "threads": [("workers = 1\n", 'workers = 1\nworker_class = "gthread"\nthreads = 4\n')],
    "loading the application before the workers": [("workers = 1\n", "workers = 1\npreload_app = True\n")],
}

# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "here"


# --- check ---
def check(bench: Bench) -> None:
    import sys

    from troubleshoot.testing import get

    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket"]
    with bench.process(command, port=port, env={"PORT": str(port)}) as server:
        status, _, body = get(f"http://127.0.0.1:{port}/", seconds=20)
        if not bench.fixed:
            message = "TypeError: FastAPI.__call__() missing 1 required positional argument: 'send'"
            assert eventually(lambda: message in server.log)
        assert (status, body) == (200, '"here"')
        assert "deprecated" not in server.log

"""All requests that compute are served by one process, so only one core works."""

import os

from troubleshoot.testing import Bench, free_port, get

# The header runs more than once; the environment keeps the port the same.
PORT = int(os.environ.setdefault("TOO_FEW_WORKERS_PORT", str(free_port())))
PARAMETERS = {"app": "main:app", "workers": "2", "port": str(PORT)}
BROKEN = f"""
import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port={PORT})
"""
STARTED = f"port={PORT})"
WRONG = {
    "reload beside workers": [(STARTED, f"port={PORT}, workers=2, reload=True)")],
    "more requests at once": [(STARTED, f"port={PORT}, limit_concurrency=1000, backlog=4096)")],
}

# --- application ---
import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/compute")
def compute() -> int:
    sum(number * number for number in range(400_000))
    return os.getpid()


# --- check ---
def check(bench: Bench) -> None:
    import sys
    from concurrent.futures import ThreadPoolExecutor

    from troubleshoot.testing import eventually

    command = [sys.executable, "serve.py"]
    with bench.process(command, port=PORT) as server, ThreadPoolExecutor(8) as clients:
        assert eventually(lambda: "Application startup complete" in server.log, 20)
        assert "Started parent process" in server.log, "there is one process only"
        assert eventually(lambda: server.log.count("Application startup complete") == 2, 20)
        used: set[str] = set()
        for _ in range(5):
            answers = clients.map(lambda _: get(server.url("/compute"), seconds=30), range(16))
            used |= {answer[2] for answer in answers}
            if len(used) > 1:
                break
    assert len(used) > 1, "one process computed everything"

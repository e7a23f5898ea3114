"""A start script asks for reload and for two workers, and one process serves."""

import sys

from troubleshoot.testing import Bench, eventually, free_port

PARAMETERS = {"workers": "2"}

BROKEN = """\
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ.get("PORT", "8000")), reload=True, workers=2)
"""

WRONG = {
    "more workers": [("workers=2", "workers=4")],
    "the number of workers in the environment": [
        ("import os\n", 'import os\n\nos.environ["WEB_CONCURRENCY"] = "2"\n'),
        (", workers=2", ""),
    ],
    "the warning filtered out": [
        ("import uvicorn\n", "import logging\n\nimport uvicorn\n"),
        (
            "    uvicorn.run(",
            '    logging.getLogger("uvicorn.error").addFilter(lambda record: "ignored" not in record.getMessage())\n    uvicorn.run(',
        ),
    ],
}

FILES = {
    "main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
}


# --- check ---
def check(bench: Bench) -> None:
    port = free_port()
    with bench.process([sys.executable, "serve.py"], port=port, env={"PORT": str(port)}, wait=False) as server:
        assert server.wait_for_log("Application startup complete.", 20)
        assert "flag is ignored" not in server.log
        assert eventually(lambda: server.log.count("Started server process") == 2, 10)

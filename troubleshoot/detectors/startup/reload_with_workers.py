"""uvicorn.run with reload and workers."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.topics.servers import runs

BROKEN = {
    "main.py": """
import uvicorn

if __name__ == "__main__":
    # serves the FastAPI application of app.py
    uvicorn.run("app:app", reload=True, workers=4)
""",
}
FIXED = {
    "main.py": """
import uvicorn

if __name__ == "__main__":
    # serves the FastAPI application of app.py
    uvicorn.run("app:app", reload=True)
    uvicorn.run("app:app", workers=4)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield servers that are given both."""
    for run in runs(project):
        if run.reloads and run.workers > 1:
            yield Sighting(
                module=run.module,
                function=run.function,
                node=run.call,
                severity="warning",
                message=f"uvicorn.run gets reload and workers={run.workers}; with reload only one process runs",
            )

"""uvicorn.run with an object, and reload or workers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument, text_of
from troubleshoot.code.topics.servers import runs

BROKEN = {
    "main.py": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run(app, reload=True)
    uvicorn.run(app, workers=4)
""",
}
FIXED = {
    "main.py": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()

if __name__ == "__main__":
    uvicorn.run("main:app", reload=True)
    uvicorn.run(app, workers=1, reload=False)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield servers that start processes, and have only an object to give them."""
    for run in runs(project):
        target = argument(run.call, 0, "app")
        named = target is None or bool(text_of(target)) or isinstance(target, ast.JoinedStr)
        if not named and (run.reloads or run.workers > 1):
            option = "reload" if run.reloads else "workers"
            yield Sighting(
                module=run.module,
                function=run.function,
                node=run.call,
                severity="error",
                message=f"uvicorn.run gets the application itself together with {option}; it needs an import string",
            )

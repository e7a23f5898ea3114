"""uvicorn.run with an object, and reload or workers."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument, last_name
from troubleshoot.code.topics.middleware import literal
from troubleshoot.code.topics.servers import Run, runs

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

TARGET = "main:app"


def serve(target: str, app_path):
    uvicorn.run(target, reload=True)
    uvicorn.run(app_path, reload=True)
    uvicorn.run(f"{target}:app", reload=True)
    uvicorn.run(target + ":app", reload=True)


if __name__ == "__main__":
    uvicorn.run("main:app", reload=True)
    uvicorn.run(TARGET, reload=True)
    uvicorn.run(app, workers=1, reload=False)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield servers that start processes, and have only an object to give them."""
    for run in runs(project):
        if (run.reloads or run.workers > 1) and _is_application(project, run):
            option = "reload" if run.reloads else "workers"
            yield Sighting(
                module=run.module,
                function=run.function,
                node=run.call,
                severity="error",
                message=f"uvicorn.run gets the application itself together with {option}; it needs an import string",
            )


def _is_application(project: Project, run: Run) -> bool:
    """Return whether a server is given an application; where that is unknown, whether it is called one."""
    target = argument(run.call, 0, "app")
    where = Scope.of(run.function) if run.function is not None else Scope(run.module)
    value = project.value(target, where)
    if value is not None:
        return isinstance(value, Instance) or (isinstance(value, str) and value.endswith("()") and "." in value)
    found = literal(project, target, where)
    return found is target and last_name(target) in ("app", "application", "api")

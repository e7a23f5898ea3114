"""A middleware that needs what an outer one sets up, but stands outside of it."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import text_of
from troubleshoot.code.topics.middleware import Layer, layers

PROVIDERS = {
    "starlette.middleware.sessions.SessionMiddleware": "session",
    "starlette.middleware.authentication.AuthenticationMiddleware": "user",
}

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="change-me")


@app.middleware("http")
async def count_visits(request: Request, call_next):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return await call_next(request)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()


@app.middleware("http")
async def count_visits(request: Request, call_next):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return await call_next(request)


app.add_middleware(SessionMiddleware, secret_key="change-me")
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield layers that use what a layer further inside provides."""
    for stack in layers(project).values():
        for index, inner in enumerate(stack):
            name = PROVIDERS.get(inner.path)
            for outer in stack[index + 1 :] if name else ():
                if name is not None and _uses(project, outer, name):
                    yield Sighting(
                        module=outer.registration.scope.module,
                        function=outer.function,
                        node=outer.registration.call,
                        severity="error",
                        message=f"{outer.name} uses request.{name}, but runs before {inner.name}, which provides it",
                        nodes={"provider": inner.registration.call},
                    )


def _uses(project: Project, layer: Layer, name: str) -> bool:
    function = layer.function
    if function is None:
        return False
    read = any(project.path(item, function) == f"fastapi.Request().{name}" for item in function.body.attributes)
    return read or any(text_of(item.slice) == name for item in function.body.subscripts)

"""request.session or request.user, and nothing that provides it."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting

PROVIDERS = ("sqladmin.authentication.AuthenticationBackend", "starlette_admin.auth.AuthProvider")
"""Classes whose applications add the middleware themselves."""

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/visits")
def visits(request: Request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return request.session["visits"]
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="change-me")


@app.get("/visits")
def visits(request: Request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return request.state.user
""",
}


PROVIDED = {"session": (b"SessionMiddleware", b"session"), "user": (b"AuthenticationMiddleware", b"user")}

WHOLE_PROJECT = True


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the first use of what nobody provides."""
    if not project.registrations("app"):
        return
    for name, (middleware, key) in PROVIDED.items():
        provided = (middleware, b'scope["%b"]' % key, b"scope['%b']" % key)
        if any(module.mentions(word) for module in project.modules for word in provided):
            continue
        for reached in project.reach:
            function = reached.function
            if not function.module.mentions(name.encode()):
                continue
            if function.owner is not None and any(project.inference.is_a(function.owner, name) for name in PROVIDERS):
                continue
            used = [item for item in function.body.attributes if item.attr == name]
            for item in used:
                if project.inference.path(item, reached.scope) == f"fastapi.Request().{name}":
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=item,
                        severity="error",
                        message=f"{function.qualname} uses request.{name}, and no {middleware.decode()} is added",
                    )
                    break

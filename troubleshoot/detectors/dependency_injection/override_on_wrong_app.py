"""An override that is written to another application than the one which answers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.origins import origin_of
from troubleshoot.code.application.parts import Origin
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, short
from troubleshoot.code.topics.overrides import Override, overrides

BROKEN = {
    "main.py": """
from fastapi import APIRouter, Depends, FastAPI

api = FastAPI()
router = APIRouter()


def current_user():
    return "ann"


@api.get("/me")
def me(user=Depends(current_user)):
    return user


app = FastAPI()
app.mount("/api", api)
""",
    "factory.py": """
from fastapi import Depends, FastAPI


def get_db():
    return 1


def create_app():
    app = FastAPI()

    @app.get("/db")
    def read_db(db=Depends(get_db)):
        return db

    return app
""",
    "tests/test_me.py": """
from fastapi.testclient import TestClient

from factory import create_app, get_db
from main import app, current_user, router


def test_mounted():
    app.dependency_overrides[current_user] = lambda: "bob"
    assert TestClient(app).get("/api/me").json() == "bob"


def test_router():
    router.dependency_overrides[current_user] = lambda: "bob"


def test_new():
    create_app().dependency_overrides[get_db] = lambda: 2
    assert TestClient(create_app()).get("/db").json() == 2
""",
}
FIXED = {
    "main.py": BROKEN["main.py"]
    + """

@router.get("/you")
def you(user=Depends(current_user)):
    return user


app.include_router(router)
""",
    "factory.py": BROKEN["factory.py"],
    "tests/test_me.py": """
from fastapi.testclient import TestClient

from factory import create_app, get_db
from main import api, app, current_user


def test_mounted():
    api.dependency_overrides[current_user] = lambda: "bob"
    app.dependency_overrides[current_user] = lambda: "bob"
    assert TestClient(app).get("/api/me").json() == "bob"


def test_new():
    fresh = create_app()
    fresh.dependency_overrides[get_db] = lambda: 2
    assert TestClient(fresh).get("/db").json() == 2
""",
}
MOST_DEEP = 5
"""How many routers lie inside each other, or dependencies below each other, at most."""
ROUTER = "fastapi.APIRouter()"


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the overrides on a router, on an application made just for them, or around a mounted one."""
    for override in overrides(project):
        why = _wrong(project, override)
        if why:
            yield Sighting(
                module=override.scope.module,
                function=override.scope.function,
                node=override.node,
                severity="error" if "mounted" not in why else "warning",
                message=f"the override of {short(override.key)} is written to {why}",
                nodes={"target": override.mapping.value, "key": override.key, **_answering(project, override)},
            )


def _wrong(project: Project, override: Override) -> str:
    """Return what an override is written to, if no request sees it there, or the empty string."""
    target = override.mapping.value
    value = project.value(target, override.scope)
    if value == ROUTER:
        return "a router, only applications have overrides"
    if isinstance(target, ast.Call):
        made = project.value(target.func, override.scope)
        is_new = isinstance(made, Function) and not made.node.decorator_list and _makes_application(project, made)
        return "an application that is made for it alone" if is_new else ""
    mounted = _mounted_below(project, origin_of(project.inference, target, override.scope))
    if not mounted:
        return ""
    key = project.value(override.key, override.scope)
    owners = _owners(project, key) if isinstance(key, Function) else set()
    return "the outer application, but the mounted one uses it" if owners and owners <= mounted else ""


def _answering(project: Project, override: Override) -> dict[str, ast.expr]:
    """Return what makes the one application that answers the routes in question, if there is one at a top level."""
    target = origin_of(project.inference, override.mapping.value, override.scope)
    included = project.registrations("router")
    key = project.value(override.key, override.scope)
    if project.value(override.mapping.value, override.scope) == ROUTER:
        found = {item.owner for item in included if item.other == target}
    else:
        owners = _owners(project, key) if isinstance(key, Function) else set()
        mounted = {item.other for item in project.registrations("mount") if item.owner == target}
        routers = {app: {item.other for item in included if item.owner == app} for app in mounted}
        found = {app for app in mounted if owners and owners <= {app, *routers[app]}}
    origin = found.pop() if len(found) == 1 else None
    module = project.files.module(origin[0]) if origin is not None else None
    made = module.body.assigned.get(origin[1], []) if module is not None and origin is not None else []
    is_application = len(made) == 1 and module is not None and project.path(made[0], module) == "fastapi.FastAPI()"
    return {"application": made[0]} if is_application else {}


def _makes_application(project: Project, function: Function) -> bool:
    """Return whether a function makes the application that it returns."""
    return any(
        project.path(statement.value, function) == "fastapi.FastAPI()"
        and (isinstance(statement.value, ast.Call) or getattr(statement.value, "id", "") in function.body.assigned)
        for statement in function.body.returns
    )


def _mounted_below(project: Project, outer: Origin | None) -> set[Origin]:
    """Return the FastAPI applications that are mounted on one, and the routers that they include."""
    found: set[Origin] = set()
    for item in project.registrations("mount"):
        child = argument(item.call, 1, "app")
        is_application = project.path(child, item.scope) == "fastapi.FastAPI()"
        if outer is not None and item.owner == outer and item.other is not None and is_application:
            found.add(item.other)
    included = project.registrations("router")
    for _ in range(MOST_DEEP):
        found |= {item.other for item in included if item.owner in found and item.other is not None}
    direct = {item.other for item in included if item.owner == outer}
    return found - {item for item in direct if item is not None}


def _owners(project: Project, key: Function) -> set[Origin]:
    """Return what the routes that depend on a function, at any depth, are registered on."""
    users: set[Function] = {key}
    for _ in range(MOST_DEEP):
        users |= {use.holder for use in project.depends if use.value in users and use.holder is not None}
    if any(use.value in users and use.holder is None for use in project.depends):
        return set()
    routes = [route for route in project.routes if route.function in users]
    known = {route.router for route in routes if route.router is not None}
    return known if all(route.router is not None for route in routes) else set()

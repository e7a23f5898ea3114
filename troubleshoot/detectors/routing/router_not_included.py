"""A router with routes that no application includes."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.routing import Routing
from troubleshoot.code.sighting import Sighting

BROKEN = {
    "main.py": """
from fastapi import FastAPI

from users import router as users

app = FastAPI()
app.include_router(users)
""",
    "users.py": """
from fastapi import APIRouter

router = APIRouter()


@router.get("/users")
def users():
    return []
""",
    "orders.py": """
from fastapi import APIRouter

router = APIRouter()


@router.get("/orders")
def orders():
    return []
""",
}
FIXED = {
    "main.py": """
from fastapi import APIRouter, FastAPI

import users

app = FastAPI()
api = APIRouter()
api.include_router(users.router)
app.include_router(api)
""",
    "users.py": """
from fastapi import APIRouter

router = APIRouter()
unused = APIRouter()


@router.get("/users")
def users():
    return []
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield routers that nobody includes, if it is known what every `include_router` includes."""
    includes = project.registrations("router")
    if not includes or any(item.other is None for item in includes):
        return
    included = Routing(project).included
    used = {route.router for route in project.routes}
    for item in project.registrations("router made"):
        if item.owner in used and item.owner not in included and item.scope.function is None and item.owner is not None:
            yield Sighting(
                module=item.scope.module,
                function=None,
                node=item.call,
                severity="warning",
                message=f"no include_router mentions {item.owner[1]} of {item.owner[0]}, so its routes answer 404",
            )

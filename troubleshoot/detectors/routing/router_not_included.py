"""A router with routes that no application includes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.speaking import NOT_SERVED
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.topics.routing import Routing

WHOLE_PROJECT = True
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
from shop.routes import shop

app = FastAPI()
api = APIRouter()
api.include_router(users.router)
app.include_router(api)
app.include_router(shop)
""",
    "shop/routes.py": """
from shop.own import Router

from shop.endpoints import (
    orders,
    prices,
)

shop = Router()
shop.include_router(orders.router, prefix="/orders")
shop.include_router(prices.router, prefix="/prices")
""",
    "shop/own.py": """
from fastapi import APIRouter


class Router(APIRouter):
    pass
""",
    "shop/endpoints/orders.py": """
from fastapi import APIRouter

router = APIRouter()


@router.get("/orders")
def orders():
    return []
""",
    "shop/endpoints/prices.py": """
from fastapi import APIRouter

router = APIRouter()


@router.get("/prices")
def prices():
    return []
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
    """Yield routers that nobody includes, if it is known what every `include_router` includes.

    Where nothing is included at all, the application is often elsewhere; then only a router beside one is told.
    """
    includes = project.registrations("router")
    if any(item.other is None for item in includes):
        return
    with_app = {item.scope.module.path for item in project.registrations("app")}
    included = Routing(project).included
    used = {route.router for route in project.routes}
    for item in project.registrations("router made"):
        owner = item.owner
        if owner is None or owner not in used or owner in included or not (includes or owner[0] in with_app):
            continue
        if item.scope.function is not None and NOT_SERVED.search(item.scope.module.path):
            # A test makes a router to look at it, or calls its endpoints itself.
            continue
        if not _is_used(project, item.scope.module, owner[1]):
            yield Sighting(
                module=item.scope.module,
                function=None,
                node=item.call,
                severity="warning",
                message=f"no include_router mentions {owner[1]} of {owner[0]}, so its routes answer 404",
            )


def _is_used(project: Project, module: Module, name: str) -> bool:
    """Return whether anybody imports the module, or the router is used in it for more than to declare routes."""
    stem = _dotless(module).rpartition("/")[2]
    imported = re.compile(rb"^[ \t]*(?:from|import)\b.*\b%b\b" % re.escape(stem.encode()), re.MULTILINE)
    mentions = (other for other in project.modules if other is not module and imported.search(other.data))
    if any(_leads_to(project, other, module, stem) for other in mentions):
        return True
    uses = len(re.findall(rb"\b%b\b" % re.escape(name.encode()), module.data))
    return uses > len(re.findall(rb"@%b\." % re.escape(name.encode()), module.data)) + 1


def _leads_to(project: Project, other: Module, module: Module, stem: str) -> bool:
    """Return whether an import may lead to a module: each that names it does, unless it is known to lead elsewhere."""
    statements = [item for item in ast.walk(other.tree) if isinstance(item, ast.ImportFrom)]
    named = [
        item for item in statements if stem in {*(item.module or "").split("."), *(one.name for one in item.names)}
    ]
    if not named:
        return True
    for statement in named:
        target = project.inference.module_of(statement, other)
        path = _dotless(target) if isinstance(target, Module) else str(target).removeprefix(".")
        is_known = isinstance(target, Module) or str(target).startswith(".")
        if not is_known or _dotless(module) == path or _dotless(module).startswith(f"{path}/"):
            return True
    return False


def _dotless(module: Module) -> str:
    return module.path.removesuffix("/__init__.py").removesuffix(".py")

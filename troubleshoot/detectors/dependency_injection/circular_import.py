"""Modules that import from each other, so that one is asked for a name that it does not have yet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.topics.imports import Importing

BROKEN = {
    "main.py": """
from fastapi import FastAPI

from items import router

DATABASE_URL = "sqlite:///app.db"

app = FastAPI()
app.include_router(router)
""",
    "items.py": """
from fastapi import APIRouter, Depends

from dependencies import get_db

router = APIRouter()


@router.get("/items")
def read_items(db=Depends(get_db)):
    return []
""",
    "dependencies.py": """
from main import DATABASE_URL


def get_db():
    return DATABASE_URL
""",
    "shop/__init__.py": "",
    "shop/app.py": """
from fastapi import FastAPI

from .services import orders

app = FastAPI()
""",
    "shop/services/__init__.py": "",
    "shop/services/orders.py": """
from shop.services.users import User


class Order:
    owner: User
""",
    "shop/services/users.py": """
from shop.services.orders import Order


class User:
    orders: list[Order]
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI

from database import DATABASE_URL
from items import router
import users

app = FastAPI()
app.include_router(router)


def get_app():
    return app
""",
    "database.py": 'DATABASE_URL = "sqlite:///app.db"\n',
    "items.py": """
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends

from database import DATABASE_URL
from models import order

if TYPE_CHECKING:
    from main import app

router = APIRouter()


@router.get("/items")
def read_items():
    from main import get_app

    return get_app()
""",
    "users.py": "import orders\n\n\nclass User:\n    pass\n",
    "orders.py": "import users\n\n\nclass Order:\n    pass\n",
    "models/__init__.py": "from . import order, customer\nfrom .order import Order\n",
    "models/order.py": """
from models import customer


class Order:
    pass
""",
    "models/customer.py": """
from . import order


class Customer:
    pass
""",
    "run.py": """
from made.models import User
from made.factory import create_app

app = create_app()
""",
    "made/factory.py": """
from fastapi import FastAPI

from .routes import router

NAME = "made"


def create_app():
    app = FastAPI(title=NAME)
    app.include_router(router)
    return app
""",
    "made/routes.py": """
from fastapi import APIRouter

from .models import User

router = APIRouter()
""",
    "made/models.py": """
class User:
    pass
""",
    "late.py": """
from fastapi import FastAPI

app = FastAPI()

from late_routes import router

app.include_router(router)
""",
    "late_routes.py": """
from fastapi import APIRouter

from late import app

router = APIRouter()
""",
}
TEST_FILE = re.compile(r"(^|/)(tests?/|test_|conftest)")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the import that fails when a module with an application is imported first."""
    told: set[tuple[str, int]] = set()
    settled: set[Module] = set()
    for entry in _entries(project):
        failure = Importing(project, settled).run(entry)
        if failure is None or _works_from_outside(project, entry):
            continue
        if (failure.module.path, failure.statement.lineno) not in told:
            told.add((failure.module.path, failure.statement.lineno))
            yield Sighting(
                module=failure.module,
                function=None,
                node=failure.statement,
                severity="error",
                message=f"{failure.name} is not there yet: {failure.unfinished.path} is still importing this module",
            )


def _entries(project: Project) -> Iterator[Module]:
    """Yield the modules that a server may be told to import: those with an application at the top level."""
    for module in project.modules:
        if TEST_FILE.search(module.path) is None:
            made = (
                value for values in module.body.assigned.values() for value in values if isinstance(value, ast.Call)
            )
            if any(project.path(value, module) == "fastapi.FastAPI()" for value in made):
                yield module


def _works_from_outside(project: Project, entry: Module) -> bool:
    """Return whether the import works if it begins in a module that imports the application."""
    return any(
        Importing(project).run(module) is None
        for module in project.modules
        if module is not entry and any(target is entry for target in _targets(project, module))
    )


def _targets(project: Project, module: Module) -> Iterator[object]:
    return (
        project.inference.module_of(statement, module)
        for statement in module.body.imports
        if isinstance(statement, ast.ImportFrom)
    )

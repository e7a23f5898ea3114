"""A file of the project that is imported in place of the package whose name it has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module

BROKEN = {
    "fastapi.py": """
from fastapi import FastAPI

app = FastAPI()
""",
    "shop/redis.py": """
from fastapi import APIRouter

router = APIRouter()
""",
    "shop/cache.py": """
import redis.asyncio
from starlette.requests import Request

client = redis.asyncio.Redis()
""",
    "shop/logging.py": """
def set_up():
    pass
""",
    "shop/main.py": """
from starlette.applications import Starlette

from logging import set_up

set_up()
app = Starlette()
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI

from celery import celery_app
from mailing import send
from shop.redis import router

app = FastAPI()
app.include_router(router)
""",
    "celery.py": """
celery_app = None
""",
    "mailing.py": """
from email.message import EmailMessage


def send():
    return EmailMessage()
""",
    "shop/__init__.py": "",
    "shop/email.py": """
import email
""",
    "shop/redis.py": """
import redis.asyncio
from fastapi import APIRouter

router = APIRouter()
""",
    "shop/types.py": """
from types import SimpleNamespace
from fastapi import FastAPI
""",
    "legacy/try_fastapi.py": """
try:
    from jwt import encode
except ImportError:
    encode = None
from fastapi import FastAPI
""",
    "legacy/jwt.py": """
def decode():
    pass
""",
    "services/orders/api.py": """
from queue import Queue
from fastapi import FastAPI
""",
    "services/orders/queue.py": """
jobs = []
""",
    "services/start.py": """
from services.orders.queue import jobs
from starlette.applications import Starlette
""",
}

PACKAGES = frozenset(
    """aiohttp alembic anthropic asyncpg bcrypt boto3 celery dotenv fastapi gunicorn httpx jinja2 jose jwt kafka minio
    motor numpy openai pandas passlib pika prometheus_client psycopg psycopg2 pydantic pymongo redis requests sentry_sdk
    slowapi socketio sqlalchemy sqlmodel starlette stripe torch twilio typer uvicorn websockets yaml""".split()  # noqa: SIM905 - a list of words reads better as words
)
OF_PYTHON = frozenset(
    """asyncio collections contextlib copy dataclasses email enum functools html http inspect json logging queue secrets
    select signal socket ssl string tempfile threading traceback types typing uuid warnings weakref""".split()  # noqa: SIM905
)
"""Modules of Python that FastAPI, Starlette or uvicorn import when they are imported."""


@dataclass(frozen=True, slots=True)
class _Import:
    """One name that a statement imports: `name` from `module`, or, without `name`, the module itself."""

    statement: ast.Import | ast.ImportFrom
    module: str
    name: str


def detect(project: Project) -> Iterator[Sighting]:
    """Yield, once for each such file, the import that gets it and asks it for what only the package has."""
    told: set[str] = set()
    for module in project.modules:
        for imported in _imports(module):
            top = imported.module.partition(".")[0]
            own = _own_file(project, module, top) if top in PACKAGES | OF_PYTHON else None
            if own is None or own in told or not _is_taken_for_it(project, own, top, imported):
                continue
            if _is_in_package(project, own):
                continue
            told.add(own)
            of_python = top in OF_PYTHON
            whose = "Python's own module" if of_python else "the package"
            yield Sighting(
                module=module,
                function=None,
                node=imported.statement,
                severity="warning" if of_python else "error",
                message=f"{own} has the name of {whose} {top}, and one of them is imported in the other's place",
                captured={"package": top},
            )


def _imports(module: Module) -> Iterator[_Import]:
    """Yield what is imported at the top level, where nothing catches it if it fails."""
    guarded = {id(node) for attempt in module.body.tries for node in ast.walk(attempt)}
    for statement in module.body.imports:
        if id(statement) in guarded:
            continue
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                yield _Import(statement, alias.name, "")
        elif not statement.level and statement.module:
            for alias in statement.names:
                yield _Import(statement, statement.module, alias.name)


def _own_file(project: Project, module: Module, name: str) -> str | None:
    """Return the file that `import name` leads to if the folder that the modules start from is searched first."""
    folders = module.path.split("/")[:-1]
    while folders and "/".join([*folders, "__init__.py"]) in project.files.known:
        folders.pop()
    found = ("/".join([*folders, *rest]) for rest in ((f"{name}.py",), (name, "__init__.py")))
    return next((path for path in found if path in project.files.known), None)


def _is_in_package(project: Project, own: str) -> bool:
    """Return whether something is imported through the folder of a file, which then is a package.

    It is one in another package, or what lies in it is imported by its full name even there, and nothing without it.
    """
    path = own.removesuffix("/__init__.py").rpartition("/")[0]
    folder = re.escape(path.rpartition("/")[2].encode())
    if not folder:
        return False
    inner = re.compile(rb"^[ \t]*(?:from|import)[ \t]+[\w.]+\.%b\.\w" % folder, re.MULTILINE)
    if any(inner.search(module.data) for module in project.modules):
        return True
    full = re.compile(rb"^(?:from|import)[ \t]+%b\.\w" % folder, re.MULTILINE)
    inside = [module for module in project.modules if module.path.startswith(f"{path}/")]
    return any(full.search(module.data) for module in inside) and not any(
        _asks_beside(project, path, module) for module in inside
    )


def _asks_beside(project: Project, path: str, module: Module) -> bool:
    """Return whether a module imports what lies in a folder without the folder's name."""
    tops = {imported.module.partition(".")[0] for imported in _imports(module)} - PACKAGES - OF_PYTHON
    return any(project.files.known & {f"{path}/{top}.py", f"{path}/{top}/__init__.py"} for top in tops)


def _is_taken_for_it(project: Project, own: str, top: str, imported: _Import) -> bool:
    """Return whether one of the two is imported where the other is meant; a name that the own file has is meant."""
    module = project.files.module(own)
    if module is None:
        return False
    if top in OF_PYTHON:
        return True
    if imported.module != top:
        return not own.endswith("/__init__.py")
    return imported.name not in ("", "*") and not _has(project, module, imported.name)


def _has(project: Project, module: Module, name: str) -> bool:
    """Return whether a module has `name`; one that imports it from a namesake of its own has not."""
    folder, _, file = module.path.rpartition("/")
    if file == "__init__.py" and {f"{folder}/{name}.py", f"{folder}/{name}/__init__.py"} & project.files.known:
        return True
    own = file.removesuffix(".py")
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for statement in module.body.imports
        for alias in statement.names
        if not (isinstance(statement, ast.ImportFrom) and statement.module == own)
    }
    defined = {*module.classes, *module.functions, *module.body.assigned, *module.body.annotated, *imported}
    return name in defined or "*" in imported

"""Settings that are read, and kept, before whoever sets the environment has had a chance."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Module

BROKEN = {
    "main.py": """
from dotenv import load_dotenv
from fastapi import Depends, FastAPI

from config import get_settings
from database import engine

load_dotenv()


def create_app():
    app = FastAPI(title=get_settings().title)

    @app.get("/title")
    def read_title(settings=Depends(get_settings)):
        return settings.title

    return app


print(get_settings().title)
""",
    "config.py": """
from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    title: str = "shop"


@lru_cache
def get_settings():
    return Settings()
""",
    "database.py": """
import os

engine = os.environ["DATABASE_URL"]
""",
}
FIXED = {
    "main.py": """
from dotenv import load_dotenv

load_dotenv()

from fastapi import Depends, FastAPI

from config import get_settings
from database import engine

app = FastAPI()


@app.get("/title")
def read_title(settings=Depends(get_settings)):
    return settings.title
""",
    "config.py": BROKEN["config.py"],
    "database.py": BROKEN["database.py"],
    "other.py": """
from dotenv import load_dotenv
from fastapi import FastAPI

import constants
from loaded import URL

load_dotenv()
app = FastAPI()
""",
    "constants.py": "import os\n\n\ndef url():\n    return os.environ['URL']\n",
    "loaded.py": "import os\n\nfrom dotenv import load_dotenv\n\nload_dotenv()\nURL = os.environ['URL']\n",
}
CACHES = ("functools.lru_cache", "functools.cache")
SETTINGS = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings")
READS = ("os.getenv", "os.environ.get")
LOADS = "dotenv.load_dotenv"
MOST_IMPORTS = 4


def detect(project: Project) -> Iterator[Sighting]:
    """Yield cached settings that an import or the making of the application reads, and a late load_dotenv()."""
    cached = {use.value for use in project.dependencies if isinstance(use.value, Function)}
    cached = {function for function in cached if _is_cached(project, function) and _reads_settings(project, function)}
    apps = project.registrations("app")
    making = {item.scope.function for item in apps if item.scope.function is not None}
    started = {item.scope.module for item in apps}
    for module in project.modules:
        for where, body in ((None, module.body), *((item, item.body) for item in making if item.module is module)):
            scope = Scope.of(where) if where is not None else Scope(module)
            for call in body.calls if cached else ():
                called = project.value(call.func, scope)
                if called in cached and isinstance(called, Function):
                    yield Sighting(
                        module=module,
                        function=where,
                        node=call,
                        severity="info",
                        message=f"{called.name}() is read here once for all, also for overrides",
                        nodes={"cached": called.node},
                    )
        # Whoever loads the environment elsewhere may come too late for nobody.
        if module in started and module.mentions(b"load_dotenv"):
            yield from _late(project, module)


def _is_cached(project: Project, function: Function) -> bool:
    decorators = (item.func if isinstance(item, ast.Call) else item for item in function.node.decorator_list)
    return any(project.path(item, Scope(function.module, function.outer)) in CACHES for item in decorators)


def _reads_settings(project: Project, function: Function) -> bool:
    for statement in function.body.returns:
        value = project.value(statement.value, function)
        if isinstance(value, Instance) and (_is_settings(project, value.of) or b"environ" in value.of.module.data):
            return True
    return False


def _is_settings(project: Project, cls: Class) -> bool:
    return any(project.inference.is_a(cls, path) for path in SETTINGS)


def _late(project: Project, module: Module) -> Iterator[Sighting]:
    """Yield a load_dotenv() below an import that has read the environment already."""
    loading = next((call for call in module.body.calls if project.path(call.func, module) == LOADS), None)
    if loading is None:
        return
    before = [item for item in module.body.imports if item.lineno < loading.lineno]
    read = list(_imported(project, before, module))
    early = next((item for item in read if _reads_environment(project, item)), None)
    if early is not None and not any(b"load_dotenv" in item.data for item in read):
        first = next(item for item in before if early in _imported(project, [item], module))
        yield Sighting(
            module=module,
            function=None,
            node=loading,
            severity="warning",
            message=f"load_dotenv() comes after the import of {early.path}, which has read the environment by then",
            nodes={"import": first},
        )


def _imported(project: Project, statements: list[ast.Import | ast.ImportFrom], module: Module) -> Iterator[Module]:
    """Yield the project's modules that some imports run, also indirectly."""
    queue = [(statement, module, 0) for statement in statements]
    seen = {module}
    while queue:
        statement, where, depth = queue.pop(0)
        if isinstance(statement, ast.ImportFrom):
            found = [project.inference.module_of(statement, where)]
        else:
            paths = [project.files.find(item.name, where.package) for item in statement.names]
            found = [project.files.module(path) for path in paths if path is not None]
        for target in found:
            if isinstance(target, Module) and target not in seen:
                seen.add(target)
                yield target
                if depth < MOST_IMPORTS:
                    queue += [(item, target, depth + 1) for item in target.body.imports]


def _reads_environment(project: Project, module: Module) -> bool:
    """Return whether a module reads the environment while it is imported."""
    if any(project.path(item.value, module) == "os.environ" for item in module.body.subscripts):
        return True
    for call in module.body.calls:
        value = project.value(call.func, module)
        if value in READS:
            return True
        if isinstance(value, Class) and _is_settings(project, value) and b"env_file" not in value.module.data:
            return True
    return False

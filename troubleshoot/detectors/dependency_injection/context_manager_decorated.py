"""A dependency with `yield` that is decorated as a context manager already."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting

BROKEN = {
    "main.py": """
import contextlib
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI

from database import get_db

app = FastAPI()


@asynccontextmanager
async def get_client():
    yield 1


class Pool:
    @contextlib.contextmanager
    def take(self):
        yield 1


pool = Pool()


@app.get("/items")
async def read_items(db: Annotated[int, Depends(get_db)], client=Depends(get_client), one=Depends(pool.take)):
    return []
""",
    "database.py": """
from contextlib import contextmanager


@contextmanager
def get_db():
    yield 1
""",
}
FIXED = {
    "main.py": """
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI


@asynccontextmanager
async def lifespan(app):
    yield


@contextmanager
def transaction():
    yield 1


def get_db():
    with transaction() as db:
        yield db


db_session = contextmanager(get_db)
app = FastAPI(lifespan=lifespan)


@app.get("/items")
def read_items(db: Annotated[int, Depends(get_db)]):
    with db_session() as other:
        return [other]
"""
}
DECORATORS = ("contextlib.contextmanager", "contextlib.asynccontextmanager")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the decorators that make a finished context manager of a dependency."""
    for function in project.called_as("dependency"):
        for decorator in function.node.decorator_list:
            path = project.path(decorator, Scope(function.module, function.outer))
            if path in DECORATORS:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=decorator,
                    severity="error",
                    message=f"the dependency {function.qualname} is decorated with {path.rpartition('.')[2]}",
                )

"""A mount on a router that has a prefix of its own, which does not count for mounts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument, keyword, text_of

BROKEN = {
    "main.py": """
from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

router = APIRouter(prefix="/pages")
router.mount("/static", StaticFiles(directory="static"), name="static")
app = FastAPI()
app.include_router(router)
"""
}
FIXED = {
    "main.py": """
from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

router = APIRouter(prefix="/pages")
plain = APIRouter()
plain.mount("/files", StaticFiles(directory="files"), name="files")
app = FastAPI()
app.include_router(router)
app.include_router(plain)
app.mount("/pages/static", StaticFiles(directory="static"), name="static")
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield mounts on routers whose prefix is a literal and is not repeated in the path of the mount."""
    made = {item.owner: item.call for item in project.registrations("router made") if item.owner is not None}
    for item in project.registrations("mount"):
        call = made.get(item.owner) if item.owner is not None else None
        prefix = keyword(call, "prefix") if call is not None else None
        path = argument(item.call, 0, "path")
        if not isinstance(prefix, ast.Constant) or not isinstance(path, ast.Constant):
            continue
        if text_of(prefix) and not text_of(path).startswith(text_of(prefix)):
            yield Sighting(
                module=item.scope.module,
                function=item.scope.function,
                node=item.call,
                severity="warning",
                message=f"the prefix {text_of(prefix)} of the router does not count for what is mounted on it",
                captured={"prefix": text_of(prefix), "path": text_of(path)},
                nodes={"path": path},
            )

"""An attribute of a class-based view that is a dependency and has no annotation."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument

VIEWS = ("fastapi_utils.cbv.cbv", "fastapi_restful.cbv.cbv")
BROKEN = {
    "main.py": """
from fastapi import APIRouter, Depends
from fastapi_utils.cbv import cbv

router = APIRouter()


def get_db():
    return 1


@cbv(router)
class Items:
    db = Depends(get_db)

    @router.get("/items")
    def read(self):
        return self.db
"""
}
FIXED = {
    "main.py": """
from fastapi import APIRouter, Depends
from fastapi_utils.cbv import cbv

router = APIRouter()


def get_db():
    return 1


@cbv(router)
class Items:
    db: int = Depends(get_db)
    page_size = 20

    @router.get("/items")
    def read(self):
        return self.db


class Markers:
    db = Depends(get_db)
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what a class-based view assigns from `Depends(…)` without an annotation."""
    for view in project.classes:
        decorators = [item.func for item in view.node.decorator_list if isinstance(item, ast.Call)]
        if not any(project.path(item, view.module) in VIEWS for item in decorators):
            continue
        for statement in view.node.body:
            if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
                continue
            target = statement.targets[0]
            given = argument(statement.value, 0, "dependency")
            if isinstance(target, ast.Name) and project.path(statement.value.func, view.module) in DEPENDS:
                yield Sighting(
                    module=view.module,
                    function=None,
                    node=statement,
                    severity="error",
                    message=f"{target.id} of {view.name} has no annotation, so its dependency is never resolved",
                    captured={"attribute": target.id},
                    nodes={"attribute": target} | ({"dependency": given} if given is not None else {}),
                )

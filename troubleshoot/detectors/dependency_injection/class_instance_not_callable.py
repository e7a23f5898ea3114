"""An object in `Depends` whose class has no `__call__`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Instance
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class
from troubleshoot.code.syntax.nodes import short
from troubleshoot.code.topics.callables import may_be_called

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI

from services import Orders, checker

app = FastAPI()


@app.get("/orders", dependencies=[Depends(checker)])
def read_orders(orders: Annotated[Orders, Depends(Orders())]):
    return orders
""",
    "services.py": """
class Orders:
    def all(self):
        return []


class Checker:
    def check(self):
        return True


checker = Checker()
""",
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

from services import Bearer, Checker, Orders, checker

app = FastAPI()


@app.get("/orders", dependencies=[Depends(checker), Depends(checker.check), Depends(Checker("ann")), Depends(Bearer())])
def read_orders(orders: Annotated[Orders, Depends(Orders)], other: Annotated[Orders, Depends()]):
    return orders
""",
    "services.py": """
from fastapi.security import HTTPBearer


class Orders:
    def all(self):
        return []


class Base:
    def __call__(self):
        return True


class Checker(Base):
    def __init__(self, name="bob"):
        self.name = name

    def check(self):
        return self.name


class Bearer(HTTPBearer):
    pass


checker = Checker()
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield each `Depends(…)` that holds an object which cannot be called."""
    for use in project.depends:
        given = use.given
        if not isinstance(use.value, Instance) or may_be_called(project, use.value):
            continue
        made = project.value(given.func, use.scope) if isinstance(given, ast.Call) else None
        if given is not None and (isinstance(given, (ast.Name, ast.Attribute)) or isinstance(made, Class)):
            yield Sighting(
                module=use.scope.module,
                function=use.holder or use.scope.function,
                node=use.call,
                severity="error",
                message=f"{short(use.call)} holds an object of {use.value.of.name}, which has no __call__",
                nodes={"given": given},
            )

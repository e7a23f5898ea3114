"""A request body that is a SQLModel table: nothing of it is validated."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Param

BROKEN = {
    "main.py": """
from fastapi import FastAPI

from models import Hero

app = FastAPI()


@app.post("/heroes")
def create(hero: Hero):
    return hero
""",
    "models.py": """
from sqlmodel import Field, SQLModel


class HeroBase(SQLModel):
    age: int = Field(ge=0)


class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI

from models import Hero, HeroCreate

app = FastAPI()


def get_hero(hero_id: int) -> Hero:
    return Hero(id=hero_id, age=1)


CurrentHero = Annotated[Hero, Depends(get_hero)]


@app.get("/current")
def current(hero: CurrentHero):
    return hero


@app.post("/heroes")
def create(body: HeroCreate):
    return Hero.model_validate(body)


@app.get("/heroes/{hero_id}")
def read(hero: Hero = Depends(get_hero)):
    return hero
""",
    "models.py": """
from sqlmodel import Field, SQLModel


class HeroCreate(SQLModel):
    age: int = Field(ge=0)


class Hero(HeroCreate, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield parameters of path operations that are tables and no dependencies."""
    for function in project.called_as("path operation"):
        for param in function.params:
            if not isinstance(param.annotation, (ast.Name, ast.Attribute)):
                continue
            # The class itself: an alias for Annotated[Hero, Depends(…)] is a dependency.
            cls = project.value(param.annotation, function)
            if isinstance(cls, Class) and _is_table(cls) and _is_body(project, param, function):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=param.annotation,
                    severity="warning",
                    message=f"{function.qualname} takes the table {cls.name} as its body, so nothing is validated",
                    captured={"model": cls.name},
                )


def _is_body(project: Project, param: Param, function: Function) -> bool:
    """Return whether a parameter comes from the body: it has no default that says otherwise."""
    default = param.default
    return not isinstance(default, ast.Call) or project.path(default.func, function) == "fastapi.Body"


def _is_table(cls: Class) -> bool:
    given = (item.value for item in cls.node.keywords if item.arg == "table")
    return any(isinstance(value, ast.Constant) and value.value is True for value in given)

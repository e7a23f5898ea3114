"""A return annotation that Pydantic does not know, where FastAPI makes a response model of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class
from troubleshoot.code.syntax.nodes import keyword, short
from troubleshoot.code.topics.models import is_unknown_to_pydantic

BROKEN = {
    "main.py": """
from typing import Optional, Union

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.orm import DeclarativeBase

app = FastAPI()
router = APIRouter()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"


class Report:
    rows = 0


@app.get("/login")
async def login() -> dict | RedirectResponse:
    return {}


@router.get("/old")
async def old() -> Union[JSONResponse, dict, None]:
    return {}


@router.get("/maybe")
async def maybe() -> Optional[JSONResponse]:
    return None


@router.get("/users")
async def users() -> list[User]:
    return []


@router.get("/user")
async def user() -> User | None:
    return None


@router.get("/report")
async def report() -> Report:
    return Report()
""",
}
FIXED = {
    "main.py": """
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase
from sqlmodel import SQLModel

app = FastAPI()
router = APIRouter()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"


class UserOut(BaseModel):
    name: str


class Hero(SQLModel, table=True):
    id: int


@app.get("/login", response_model=None)
async def login() -> dict | RedirectResponse:
    return {}


@router.get("/plain")
async def plain() -> Response:
    return JSONResponse({})


@router.get("/users", response_model=list[UserOut])
async def users() -> list[User]:
    return []


@router.get("/heroes")
async def heroes() -> list[Hero]:
    return []


@router.get("/either")
async def either() -> UserOut | dict[str, str] | None:
    return None


def helper() -> dict | RedirectResponse:
    return {}
""",
}
RESPONSE = re.compile(r"(fastapi|starlette)(\.responses)?\.\w*Response")
ORM_BASES = ("sqlalchemy.orm.DeclarativeBase", "sqlalchemy.orm.declarative_base()")
HOLDING = ("Union", "Optional", "list", "List", "dict", "Dict", "Sequence", "set", "Set", "tuple", "Tuple")
OF_STARLETTE = ("route", "add_route")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield return annotations with a response in a union, or with a class of SQLAlchemy or a plain one."""
    for route in project.routes:
        node = route.function.node.returns
        own = getattr(route.call.func, "attr", "") in OF_STARLETTE
        if node is None or own or route.is_websocket or keyword(route.call, "response_model") is not None:
            continue
        scope = Scope(route.function.module, route.function.outer)
        unknown = next((part for part in _members(node) if _is_unknown(project, part, scope, alone=part is node)), None)
        if unknown is not None:
            yield Sighting(
                module=route.function.module,
                function=route.function,
                node=node,
                severity="error",
                message=f"FastAPI cannot make a response model of {short(node)}, because of {short(unknown)}",
                captured=project.path_of(route.function),
                nodes={"route": route.call} if isinstance(project.value(unknown, scope), str) else {},
            )


def _members(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the types that an annotation is made of."""
    if isinstance(node, ast.BinOp):
        yield from _members(node.left)
        yield from _members(node.right)
    elif isinstance(node, ast.Subscript):
        name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        for part in node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]:
            if name in HOLDING:
                yield from _members(part)
    else:
        yield node


def _is_unknown(project: Project, node: ast.expr, scope: Scope, *, alone: bool) -> bool:
    value = project.value(node, scope)
    if isinstance(value, str):
        return not alone and RESPONSE.fullmatch(value) is not None
    if not isinstance(value, Class):
        return False
    is_orm = any(project.inference.is_a(value, base) for base in ORM_BASES)
    return is_unknown_to_pydantic(value) or (is_orm and not project.inference.is_a(value, "pydantic.BaseModel"))

"""A parameter that only `Depends` could fill, and that has none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS, INJECTED
from troubleshoot.code.inference.values import Instance, Scope, Value
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.models import is_unknown_to_pydantic
from troubleshoot.code.topics.parameters import read_by_fastapi
from troubleshoot.code.topics.queries import CONNECTIONS

BROKEN = {
    "main.py": """
from typing import Annotated, Optional

import httpx
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from services import AppSettings, Orders, current_user, get_db

app = FastAPI()


@app.get("/session")
def read_items(db: Session):
    return []


@app.get("/bare")
def read_bare(db: Annotated[Session, get_db]):
    return []


@app.get("/default")
def read_default(user: str = current_user):
    return user


@app.get("/settings")
async def read_settings(settings: AppSettings, client: httpx.AsyncClient):
    return settings


@app.get("/orders")
def read_orders(orders: Orders):
    return []


def count(db: Optional[Session] = None):
    return 1


@app.get("/count")
def read_count(number: int = Depends(count)):
    return number
""",
    "services.py": """
from pydantic_settings import BaseSettings
from sqlalchemy.orm import Session


class AppSettings(BaseSettings):
    debug: bool = False


class Orders:
    def all(self):
        return []


def get_db():
    with Session() as db:
        yield db


def current_user():
    return "ann"
""",
}
FIXED = {
    "main.py": """
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from dishka.integrations.fastapi import FromDishka
from fastapi import Depends, FastAPI, Request, UploadFile
from pydantic import BaseModel
from sqlalchemy.orm import Session

from services import AppSettings, Orders, current_user, get_db

app = FastAPI()
SessionDep = Annotated[Session, Depends(get_db)]


class Color(str, Enum):
    red = "red"


class Item(BaseModel):
    name: str


@dataclass
class Page:
    number: int = 1


class Money:
    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        return handler(int)


def helper(db: Session, orders: Orders):
    return orders.all()


class Service:
    def __init__(self, db: SessionDep):
        self.db = db


@app.post("/items/{color}")
def create(
    request: Request,
    color: Color,
    item: Item,
    page: Page,
    money: Money,
    file: UploadFile,
    db: SessionDep,
    service: Annotated[Service, Depends()],
    old: Session = Depends(get_db),
    orders: Orders = Depends(),
    settings: AppSettings = Depends(AppSettings),
    user: str = Depends(current_user),
):
    return helper(db, orders)


@app.get("/filled")
def filled(db: FromDishka[Session], orders: FromDishka[Orders]):
    return orders.all()
""",
    "services.py": BROKEN["services.py"],
}
CLIENTS = (
    "httpx.AsyncClient()",
    "httpx.Client()",
    "aiohttp.ClientSession()",
    "redis.Redis()",
    "redis.asyncio.Redis()",
    "pymongo.MongoClient()",
    "motor.motor_asyncio.AsyncIOMotorClient()",
    "motor.motor_asyncio.AsyncIOMotorDatabase()",
    "asyncpg.Pool()",
    "asyncpg.Connection()",
    "sqlalchemy.orm.sessionmaker()",
    "sqlalchemy.ext.asyncio.async_sessionmaker()",
)
DECLARED = tuple(f"{name}()" for name in DEPENDS)
"""What a variable holds that several functions have as their default."""
SETTINGS = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the parameters that FastAPI takes for data of the request."""
    for function in read_by_fastapi(project, "path operation", "dependency", "websocket endpoint"):
        if any("inject" in ast.unparse(item).lower() for item in function.node.decorator_list):
            continue
        bound = function.owner is not None and not function.is_static
        for param in function.params[1:] if bound else function.params:
            why = _missing(project, function, param) if param.kind in ("positional", "keyword") else ""
            node = param.annotation or param.default
            if why and node is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=node,
                    severity="error",
                    message=f"{param.name} of {function.qualname} {why}, but has no Depends",
                    captured=_dependency(project, function, param),
                    nodes=_bare(project, function, param),
                )


def _missing(project: Project, function: Function, param: Param) -> str:
    """Return why a parameter cannot be data of the request, or the empty string."""
    if isinstance(param.default, ast.Call):
        return ""
    passed = _function(project, function, param)
    if isinstance(passed, Function):
        return f"names the function {passed.name}"
    if project.path(param.default, Scope(function.module, function.outer)) in DECLARED:
        return ""
    if param.annotation is None or _extras(param.annotation) or _has_alias(project, function, param.annotation):
        return ""
    value = project.inference.annotation(param.annotation, Scope(function.module, function.outer))
    if value in CONNECTIONS or value in CLIENTS:
        return f"is of type {str(value).removesuffix('()').rpartition('.')[2]}"
    if isinstance(value, Instance) and not isinstance(param.annotation, (ast.Subscript, ast.BinOp)):
        if any(project.inference.is_a(value.of, path) for path in SETTINGS):
            return f"is the settings class {value.of.name}"
        if is_unknown_to_pydantic(value.of):
            return f"is of type {value.of.name}, of which Pydantic knows nothing"
    return ""


def _bare(project: Project, function: Function, param: Param) -> dict[str, ast.AST]:
    """Return the name of a function that stands bare in `Annotated`, or as the default, if there is one."""
    for node in (*_extras(param.annotation), param.default):
        value = project.value(node, Scope(function.module, function.outer)) if isinstance(node, ast.Name) else None
        if isinstance(value, Function):
            return {"bare": node} if node is not None else {}
    return {}


def _function(project: Project, function: Function, param: Param) -> Value | None:
    """Return the function that stands bare in `Annotated`, or as the default."""
    bare = _bare(project, function, param).get("bare")
    return project.value(bare, Scope(function.module, function.outer)) if isinstance(bare, ast.Name) else None


def _extras(annotation: ast.expr | None) -> list[ast.expr]:
    """Return what stands behind the type in `Annotated`, or what a container fills in."""
    if not isinstance(annotation, ast.Subscript):
        return []
    name = last_name(annotation.value)
    if name in INJECTED:
        return [annotation.slice]
    return annotation.slice.elts[1:] if name == "Annotated" and isinstance(annotation.slice, ast.Tuple) else []


def _has_alias(project: Project, function: Function, annotation: ast.expr) -> bool:
    """Return whether an annotation is an alias, which may have a `Depends`."""
    name = annotation.id if isinstance(annotation, ast.Name) else getattr(annotation, "attr", "")
    alias = project.inference.alias(name, Scope(function.module, function.outer)) if name else None
    return alias is not None and bool(_extras(alias[0]))


def _dependency(project: Project, function: Function, param: Param) -> dict[str, str]:
    passed = _function(project, function, param)
    return {"dependency": passed.name} if isinstance(passed, Function) else {}

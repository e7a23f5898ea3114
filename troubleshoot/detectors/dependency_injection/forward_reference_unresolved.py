"""A type in a signature that FastAPI cannot find when it reads the annotations."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import keyword, last_name, text_of
from troubleshoot.code.topics.imports import is_for_type_checkers
from troubleshoot.code.topics.parameters import read_by_fastapi

BROKEN = {
    "main.py": """
from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel

if TYPE_CHECKING:
    from decimal import Decimal

    from fastapi import Request

app = FastAPI()


@app.get("/whoami")
async def whoami(request: Request):
    return request.url.path


@app.get("/price")
async def price() -> Decimal:
    return 1


def create(app: FastAPI):
    class Item(BaseModel):
        name: str

    def get_settings():
        return {}

    @app.post("/items")
    def create_item(item: Item, settings: Annotated[dict, Depends(get_settings)]):
        return item


create(app)
""",
    "quoted.py": """
import typing

from fastapi import APIRouter

if typing.TYPE_CHECKING:
    from datetime import date

router = APIRouter()


@router.get("/days")
def read_day(day: "date"):
    return day
""",
}
FIXED = {
    "main.py": """
from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session as OldSession

if TYPE_CHECKING:
    from decimal import Decimal

    from sqlalchemy.orm import Session

app = FastAPI()


class Item(BaseModel):
    name: str


def get_db():
    yield 1


def total(price: Decimal) -> Decimal:
    return price


@app.post("/items", response_model=None)
def create_item(request: Request, item: Item, db: Session = Depends(get_db)) -> Decimal:
    return total(1)
""",
    "factory.py": """
from fastapi import FastAPI
from pydantic import BaseModel


def create() -> FastAPI:
    app = FastAPI()

    class Item(BaseModel):
        name: str

    @app.post("/items")
    def create_item(item: Item):
        return item

    return app
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the annotations of endpoints and dependencies with names that the module does not have."""
    routes = {route.function: route.call for route in project.routes}
    for function in read_by_fastapi(project, "path operation", "dependency", "websocket endpoint"):
        future = _is_future(function.module)
        if not future and not function.module.mentions(b"TYPE_CHECKING"):
            continue
        hidden = _only_for_type_checkers(function.module)
        local = _local_names(function) if future else set()
        for where, node in _annotations(project, function, routes.get(function)):
            name = next((item for item in _names(node, future) if item in hidden or item in local), "")
            if name:
                statement = _for_type_checkers(function.module, name) if name in hidden else None
                reason = "is imported for type checkers only" if name in hidden else "exists only inside a function"
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=node,
                    severity="error",
                    message=f"FastAPI cannot resolve the type {name} of {where}: it {reason}",
                    captured={"type": name},
                    nodes={"import": statement} if statement is not None else {},
                )


def _is_future(module: Module) -> bool:
    return any(isinstance(item, ast.ImportFrom) and item.module == "__future__" for item in module.body.imports)


def _only_for_type_checkers(module: Module) -> set[str]:
    """Return the names that nothing but an `if TYPE_CHECKING:` binds."""
    hidden, bound = set[str](), set[str]()
    for statement in module.body.imports:
        names = {item.asname or item.name.partition(".")[0] for item in statement.names}
        (hidden if is_for_type_checkers(statement) else bound).update(names)
    return hidden - bound - set(module.body.assigned) - set(module.classes) - set(module.functions)


def _for_type_checkers(module: Module, name: str) -> ast.Import | ast.ImportFrom | None:
    """Return the statement that binds a name for type checkers."""
    return next(
        (
            statement
            for statement in module.body.imports
            if is_for_type_checkers(statement) and name in (item.asname or item.name for item in statement.names)
        ),
        None,
    )


def _local_names(function: Function) -> set[str]:
    """Return the names that a function finds in the functions around it, and not in the module."""
    found: set[str] = set()
    outer = function.outer
    while outer is not None:
        body = outer.body
        found |= {*body.classes, *body.nested, *body.assigned, *(param.name for param in outer.params)}
        found |= {item.asname or item.name for statement in body.imports for item in statement.names}
        outer = outer.outer
    module = function.module
    return found - {*module.body.assigned, *module.classes, *module.functions, *module.imports}


def _annotations(project: Project, function: Function, route: ast.Call | None) -> Iterator[tuple[str, ast.expr]]:
    outside = Scope(function.module, function.outer)
    for param in function.params:
        injected = isinstance(param.default, ast.Call) and project.path(param.default.func, outside) in DEPENDS
        if param.annotation is not None and not injected:
            yield param.name, param.annotation
    returns = function.node.returns
    if route is not None and returns is not None and keyword(route, "response_model") is None:
        # What is a response already is sent as it is; only the schema asks for its type.
        hidden = ast.unparse(keyword(route, "include_in_schema") or ast.Constant(True)) == "False"
        if hidden and last_name(returns).endswith("Response"):
            return
        yield f"what {function.name} returns", returns


def _names(node: ast.AST, future: bool) -> Iterator[str]:
    """Yield the names that are looked up later: all with the future import, else those in quotes."""
    if isinstance(node, ast.Name) and future:
        yield node.id
    elif text_of(node).isidentifier():
        yield text_of(node)
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Annotated"):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        yield from _names(parts[0], future)
        # A marker such as Depends is evaluated with the annotation.
        yield from (item.id for part in parts[1:] if future for item in ast.walk(part) if isinstance(item, ast.Name))
    elif not isinstance(node, ast.Subscript) or not ast.unparse(node.value).endswith("Literal"):
        for item in ast.iter_child_nodes(node):
            yield from _names(item, future)

"""A literal that an endpoint returns, and that its response model refuses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.parts import Route
from troubleshoot.code.inference.values import Elements, Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class
from troubleshoot.code.syntax.nodes import keyword, last_name, text_of
from troubleshoot.code.topics.endings import is_never_reached
from troubleshoot.code.topics.models import fields_of, is_model, settings_of
from troubleshoot.code.topics.wrapping import is_remade

PLAIN = ("pydantic.BaseModel", "typing.Generic", "abc.ABC")
"""Bases of models that change nothing in what is accepted."""
HARMLESS = frozenset(("from_attributes", "orm_mode", "json_schema_extra", "schema_extra", "json_encoders", "title"))
"""Settings that change nothing in which dictionaries are accepted."""

BROKEN = {
    "main.py": """
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    id: int
    name: str
    note: str | None = None


@app.get("/lacks", response_model=Item)
def lacks():
    return {"id": 1, "title": "a"}


@app.get("/one", response_model=Item)
def one():
    return [{"id": 1, "name": "a"}]


@app.get("/many", response_model=list[Item])
def many(found: bool):
    if not found:
        return {"message": "nothing found"}
    return [{"id": 1, "name": "a"}]


@app.get("/annotated")
def annotated() -> Item:
    return {"message": "created"}


@app.get("/inside", response_model=list[Item])
def inside():
    return [{"id": 1}]


@app.get("/nothing", response_model=Item)
def nothing(found: bool):
    if not found:
        return None
    return {"id": 1, "name": "a"}
""",
}
FIXED = {
    "main.py": """
from typing import Any, Optional

from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

app = FastAPI()


class Base(BaseModel):
    id: int


class Item(Base):
    name: str
    kind: Optional[str]
    note: str | None = None
    tags: list[str] = Field(default_factory=list)
    size: int = Field(alias="Size")


class Names(RootModel[list[str]]):
    pass


class Loose(BaseModel):
    name: str

    @model_validator(mode="before")
    @classmethod
    def fill(cls, data):
        return {"name": "a", **data}


@app.get("/item", response_model=Item)
def item(found: bool, extra: dict):
    if found:
        return {**extra, "id": 1}
    return {"id": 1, "name": "a", "other": True, "Size": 1}


@app.get("/names", response_model=Names)
def names():
    return ["a"]


@app.get("/loose", response_model=Loose)
def loose():
    return {}


@app.get("/either")
def either() -> Item | dict[str, Any]:
    return {"message": "a"}


@app.get("/maybe", response_model=Item | None)
def maybe() -> Item:
    return None


@app.get("/own", response_model=Item)
def own(response: Response):
    return Response(content="a")


@app.get("/many", response_model=list[Base])
def many():
    return [{"id": 1}, {"id": 2, "name": "b"}]


@app.get("/pages", response_model=dict[str, Base])
def pages():
    return {"a": {"id": 1}}


@app.get("/none", response_model=None)
def none() -> Item:
    return {"message": "a"}
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield returned literals that are of another shape than the model, or lack a field that it requires."""
    for route in project.routes:
        declared = _declared(route)
        if route.is_websocket or declared is None or route.function.is_generator:
            continue
        if is_remade(project, route.function):
            continue
        value = project.inference.annotation(declared, Scope(route.function.module, route.function.outer))
        for statement in route.function.body.returns:
            why = _mismatch(project, statement.value, value, is_list=_is_list(declared), is_one=_is_one(declared))
            if why and not is_never_reached(project, statement, route.function):
                yield Sighting(
                    module=route.function.module,
                    function=route.function,
                    node=statement,
                    severity="error",
                    message=f"{route.function.name} returns {why}, which its response model refuses",
                    captured=project.path_of(route.function),
                )


def _declared(route: Route) -> ast.expr | None:
    """Return the response model, or without one what the function says that it returns."""
    given = keyword(route.call, "response_model")
    return given if given is not None else route.function.node.returns


def _is_one(declared: ast.expr) -> bool:
    return isinstance(declared, (ast.Name, ast.Attribute))


def _is_list(declared: ast.expr) -> bool:
    return isinstance(declared, ast.Subscript) and last_name(declared.value) in ("list", "List")


def _mismatch(project: Project, node: ast.expr | None, value: object, *, is_list: bool, is_one: bool) -> str:
    """Return in words how a returned literal differs from what is declared, or the empty string."""
    inner = value.of if isinstance(value, Elements) and is_list else value if is_one else None
    model = inner.of if isinstance(inner, Instance) else None
    if model is None or not is_model(project, model) or _is_lenient(project, model):
        return ""
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return "None"
    if isinstance(node, ast.Dict):
        return "an object instead of a list" if is_list else _lacking(project, node, model)
    if isinstance(node, ast.List):
        if not is_list:
            return "a list instead of one object"
        return next((why for item in node.elts if (why := _lacking(project, item, model))), "")
    return ""


def _lacking(project: Project, node: ast.expr, model: Class) -> str:
    """Return which required fields a literal lacks, in words."""
    if not isinstance(node, ast.Dict) or not all(text_of(key) for key in node.keys):
        return ""
    given = {text_of(key) for key in node.keys}
    lacks = [name for name in _required(project, model) if name not in given]
    return f"an object without {' and '.join(lacks)}" if lacks else ""


def _required(project: Project, model: Class) -> Iterator[str]:
    """Yield the fields that have no default, no other name, and do not take None."""
    for name, (statement, _) in fields_of(project, model).items():
        annotation = ast.unparse(statement.annotation)
        may_lack = "None" in annotation or "Optional" in annotation or "ClassVar" in annotation or name[0] == "_"
        value = statement.value
        is_field = isinstance(value, ast.Call) and last_name(value.func) in ("Field", "Column")
        if may_lack or "Field(" in annotation or (value is not None and not is_field):
            continue
        if isinstance(value, ast.Call):
            named = {item.arg for item in value.keywords}
            first = value.args[0] if value.args else None
            ellipsis = first is None or (isinstance(first, ast.Constant) and first.value is Ellipsis)
            if not ellipsis or named & {"default", "default_factory", "alias", "validation_alias", None}:
                continue
        yield name


def _is_lenient(project: Project, model: Class) -> bool:
    """Return whether a model may take what its fields do not tell: by a validator, other names or an unknown base."""
    if "alias_generator" in settings_of(project, model):
        return True
    for cls in project.inference.lineage(model):
        known = project.inference.bases(cls)
        if len(known) < len(cls.node.bases) or any(isinstance(base, str) and base not in PLAIN for base in known):
            return True
        names = [last_name(item.func if isinstance(item, ast.Call) else item) for item in _decorators(cls)]
        if any(name in ("model_validator", "root_validator") for name in names) or _has_lenient_config(cls):
            return True
    return False


def _has_lenient_config(cls: Class) -> bool:
    """Return whether a class `Config`, as Pydantic 1 had it, may say more than that objects are taken as well."""
    config = cls.body.classes.get("Config")
    return config is not None and bool(config.bases or set(Class(config, cls.module).body.assigned) - HARMLESS)


def _decorators(cls: Class) -> Iterator[ast.expr]:
    return (decorator for method in cls.all_methods for decorator in method.node.decorator_list)

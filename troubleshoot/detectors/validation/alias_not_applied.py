"""A model that is built by a field's Python name, where only the alias is taken."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import argument, keyword, text_of
from troubleshoot.code.topics.models import fields_of, is_model, settings_of

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

app = FastAPI()


class User(BaseModel):
    user_name: str = Field(alias="userName")


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class Item(Camel):
    item_name: str


class Order(BaseModel):
    order_id: Annotated[int, Field(validation_alias="id")]


@app.get("/users")
def read():
    return User(user_name="ann")


@app.get("/items")
def items():
    return [Item(item_name="lamp")]


@app.get("/orders")
def orders():
    return Order(order_id=1)


@app.get("/raw")
def raw():
    return JSONResponse(User(userName="ann").model_dump())
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import AliasChoices, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

app = FastAPI()


class User(BaseModel):
    user_name: str = Field(alias="userName")
    age: int


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Item(Camel):
    item_name: str


class Other(BaseModel):
    model_config = {"validate_by_name": True}
    item_name: str = Field(alias="itemName")


class Old(BaseModel):
    item_name: str = Field(alias="itemName")

    class Config:
        populate_by_name = True


class Out(BaseModel):
    user_name: str = Field(serialization_alias="userName")
    other: str = Field(validation_alias=AliasChoices("other", "Other"))


class Read(BaseModel):
    user_name: str = Field(validation_alias=AliasChoices("user_name", "userName"))


class Plain(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)
    name: str


@app.get("/users")
def read():
    return User(userName="ann", age=1)


@app.get("/items")
def items():
    return [Item(item_name="lamp"), Other(item_name="x"), Old(item_name="y"), Out(user_name="a", other="b")]


@app.get("/plain")
def plain():
    return Plain(name="x")


@app.get("/more")
def more():
    values = {"userName": "ann"}
    return User(**values, age=1)


@app.get("/raw")
def raw():
    return JSONResponse([User(userName="ann", age=1).model_dump(by_alias=True), Plain(name="x").model_dump()])


@app.get("/plain/raw")
def plain_raw():
    return JSONResponse(content=Read(user_name="x").model_dump())
""",
}
JSON = ("fastapi.responses.JSONResponse", "starlette.responses.JSONResponse")
BY_NAME = ("populate_by_name", "validate_by_name", "allow_population_by_field_name")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield calls of models by a name that is not read, and responses with names that are not meant to be written."""
    aliases: dict[int, dict[str, str]] = {}
    for function in project.functions:
        for call in function.body.calls:
            yield from _dumped(project, function, call)
            names = [item.arg for item in call.keywords if item.arg]
            model = project.value(call.func, function) if names else None
            if not isinstance(model, Class) or not is_model(project, model):
                continue
            if id(model.node) not in aliases:
                aliases[id(model.node)] = _aliases(project, model)
            known = aliases[id(model.node)]
            for name in names:
                if name in known and known[name] not in names:
                    yield _sighting(function, call, model, name, known[name])


def _sighting(function: Function, call: ast.Call, model: Class, name: str, alias: str) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=call,
        severity="error",
        message=f"{model.name} reads {name} under its alias only, {alias or 'which its generator makes'}",
        captured={"field": name, "model": model.name},
        nodes={"model": model.node},
    )


def _dumped(project: Project, function: Function, call: ast.Call) -> Iterator[Sighting]:
    """Yield a JSON response of a plain `model_dump()`, where the model writes other names."""
    content = argument(call, 0, "content")
    if not isinstance(content, ast.Call) or not isinstance(content.func, ast.Attribute) or content.args:
        return
    if content.func.attr != "model_dump" or keyword(content, "by_alias") is not None:
        return
    holder = project.value(content.func.value, function) if project.path(call.func, function) in JSON else None
    if not isinstance(holder, Instance):
        return
    name = _written_otherwise(project, holder.of) if is_model(project, holder.of) else ""
    if name:
        yield Sighting(
            module=function.module,
            function=function,
            node=content,
            severity="warning",
            message=f"model_dump() of {holder.of.name} has {name} under its Python name, and clients know the alias",
            captured={"field": name, "model": holder.of.name},
            nodes={"dump": content},
        )


def _written_otherwise(project: Project, model: Class) -> str:
    """Return a field of a model that has an alias for writing, or nothing."""
    settings = settings_of(project, model)
    if "serialize_by_alias" in settings:
        return ""
    camel = "to_camel" in ast.unparse(settings["alias_generator"]) if "alias_generator" in settings else False
    for name, (statement, cls) in fields_of(project, model).items():
        for call in ast.walk(statement):
            if isinstance(call, ast.Call) and project.path(call.func, Scope(cls.module)) == "pydantic.Field":
                given = keyword(call, "serialization_alias") or keyword(call, "alias")
                if given is not None and text_of(given) not in ("", name):
                    return name
        if camel and "_" in name.strip("_"):
            return name
    return ""


def _aliases(project: Project, model: Class) -> dict[str, str]:
    """Return the fields that are read under another name only, with that name if it is written down."""
    settings = settings_of(project, model)
    old = any("Config" in cls.body.classes for cls in project.inference.lineage(model))
    if old or any(_is_true(settings.get(name)) for name in BY_NAME):
        return {}
    camel = "to_camel" in ast.unparse(settings["alias_generator"]) if "alias_generator" in settings else False
    found: dict[str, str] = {}
    for name, (statement, cls) in fields_of(project, model).items():
        written = _written(project, statement, Scope(cls.module))
        if written is not None:
            if written and written != name:
                found[name] = written
        elif camel and "_" in name.strip("_"):
            found[name] = ""
    return found


def _written(project: Project, statement: ast.AnnAssign, scope: Scope) -> str | None:
    """Return the name that `Field(…)` gives a field for reading, empty if it is no plain text, else None."""
    for call in ast.walk(statement):
        if isinstance(call, ast.Call) and project.path(call.func, scope) == "pydantic.Field":
            given = keyword(call, "validation_alias") or keyword(call, "alias")
            if given is not None:
                return text_of(given)
    return None


def _is_true(node: ast.expr | None) -> bool:
    return node is not None and not (isinstance(node, ast.Constant) and node.value is False)

"""Names of Pydantic 1."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from troubleshoot.code.inference.values import Instance
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import ancestors, short
from troubleshoot.code.topics.models import is_model
from troubleshoot.model import Severity

GONE = ("pydantic.BaseSettings", "pydantic.PyObject", "pydantic.ConstrainedStr", "pydantic.color")
RENAMED = ("orm_mode", "allow_population_by_field_name", "schema_extra", "validate_all", "anystr_strip_whitespace")
METHODS = frozenset(("dict", "json", "copy", "parse_obj", "parse_raw", "from_orm", "update_forward_refs", "schema"))
CALLED = tuple(f".{name}(".encode() for name in sorted(METHODS))
DECORATORS = ("pydantic.validator", "pydantic.root_validator")

BROKEN = {
    "main.py": """
from fastapi import FastAPI
from pydantic import BaseModel, BaseSettings, root_validator, validator

app = FastAPI()


class Settings(BaseSettings):
    name: str = "app"


class Item(BaseModel):
    name: str

    class Config:
        orm_mode = True

    @validator("name")
    def check(cls, value):
        return value


class Range(BaseModel):
    low: int
    high: int

    class Config:
        allow_population_by_field_name = True
        anystr_strip_whitespace = True
        extra = "forbid"

    @root_validator(pre=True)
    def take_old_names(cls, values):
        return values

    @root_validator(skip_on_failure=True)
    def in_order(cls, values):
        if values["low"] > values.get("high"):
            raise ValueError("not in order")
        return values


@app.post("/items")
def create(item: Item):
    return item
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_settings import BaseSettings

app = FastAPI()


class Settings(BaseSettings):
    name: str = "app"


class Item(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name: str

    @field_validator("name")
    @classmethod
    def check(cls, value):
        return value


@app.post("/items")
def create(item: Item):
    return item
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what Pydantic 2 has renamed, ignores or no longer has."""
    if any(module.mentions(b"pydantic<2") for module in project.modules):
        return
    for module in project.modules:
        if not module.mentions(b"pydantic"):
            continue
        for statement in module.body.imports:
            if _is_one_of_two(statement):
                continue
            source = statement.module if isinstance(statement, ast.ImportFrom) else None
            for item in statement.names:
                if f"{source}.{item.name}" in GONE:
                    message = f"pydantic 2 has no {item.name}"
                    yield _sighting(module, statement, "error", message, {"imported": item})
        for model in module.classes.values():
            yield from _in_model(project, model)
    for module in project.modules:
        for function in module.all_functions if any(map(module.mentions, CALLED)) else ():
            yield from _called(project, function)


def _is_one_of_two(statement: ast.stmt) -> bool:
    """Return whether an import, or the one that it stands in for, may fail: which of them works depends on versions."""
    return any(
        isinstance(around, ast.Try)
        and any("ImportError" in ast.unparse(item.type) for item in around.handlers if item.type is not None)
        for around in ancestors(statement)
    )


def _called(project: Project, function: Function) -> Iterator[Sighting]:
    """Yield the calls of methods of a model that Pydantic 2 has under other names, and warns of."""
    for call in function.body.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in METHODS:
            continue
        holder = project.value(call.func.value, function)
        model = holder.of if isinstance(holder, Instance) else holder
        own = isinstance(model, Class) and project.inference.method(model, call.func.attr)
        if isinstance(model, Class) and is_model(project, model) and not isinstance(own, Function):
            message = f"{short(call.func)}() is a name of Pydantic 1's for {model.name}, deprecated in 2"
            yield replace(_sighting(function.module, call, "info", message, {}), function=function, minor=True)


def _in_model(project: Project, model: Class) -> Iterator[Sighting]:
    for method in model.all_methods:
        for decorator in method.node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if project.path(called, model.module) in DECORATORS:
                message = f"@{short(called)} of {model.name} is Pydantic 1's and deprecated in 2"
                nodes = {"decorator": decorator, "method": method.node, "model": model.node}
                yield _sighting(model.module, decorator, "info", message, nodes)
    config = model.body.classes.get("Config")
    for statement in config.body if config is not None else ():
        name = ast.unparse(statement.targets[0]) if isinstance(statement, ast.Assign) else ""
        if name in RENAMED and project.inference.is_a(model, "pydantic.BaseModel"):
            message = f"{name} of {model.name} is a name of Pydantic 1, which 2 ignores with a warning"
            assert config is not None
            yield _sighting(model.module, statement, "warning", message, {"config": config, "model": model.node})


def _sighting(
    module: Module, node: ast.expr | ast.stmt, severity: Severity, message: str, nodes: Mapping[str, ast.AST]
) -> Sighting:
    return Sighting(module=module, function=None, node=node, severity=severity, message=message, nodes=nodes)

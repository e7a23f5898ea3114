"""A limit that Field or Query only writes into the schema."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import keyword, text_of
from troubleshoot.code.topics.comparing import compared_with
from troubleshoot.code.topics.models import fields_of, has_validator, is_model
from troubleshoot.code.topics.parameters import FROM_REQUEST, marker

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import BaseModel, Field

app = FastAPI()


class Item(BaseModel):
    size: int = Field(minimum=1, maximum=9)
    name: Annotated[str, Field(maxLength=3)]
    color: str = Field("red", json_schema_extra={"enum": ["red", "blue"]})


@app.get("/items")
async def read(order: str = Query("asc", enum=["asc", "desc"])):
    return order


@app.get("/others")
async def others(limit: Annotated[int, Query(json_schema_extra={"maximum": 9})] = 1):
    return limit


@app.post("/items")
async def create(item: Item):
    return item
""",
}
FIXED = {
    "main.py": """
from enum import Enum
from typing import Annotated, Literal

from fastapi import FastAPI, Query
from pydantic import BaseModel, Field, field_validator

app = FastAPI()


class Color(Enum):
    RED = "red"


class Item(BaseModel):
    size: int = Field(ge=1, le=9, json_schema_extra={"minimum": 1})
    name: Annotated[str, Field(max_length=3, json_schema_extra={"example": "abc"})]
    color: Color = Field(Color.RED, json_schema_extra={"enum": ["red"]})
    kind: Literal["a", "b"] = Field("a", json_schema_extra={"enum": ["a", "b"]})
    code: str = Field(json_schema_extra={"pattern": "^a"})

    @field_validator("code")
    @classmethod
    def check(cls, value):
        return value


class Answer(BaseModel):
    state: str = Field(json_schema_extra={"enum": ["on", "off"]})


@app.get("/items")
async def read(order: Literal["asc", "desc"] = Query("asc", json_schema_extra={"example": "asc"})) -> Answer:
    return Answer(state=order)


@app.post("/items")
async def create(item: Item):
    return item
""",
}
RANGES = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "min", "max")
LIMITS = frozenset(("enum", "minLength", "maxLength", "minItems", "maxItems", *RANGES))
ENFORCED = frozenset(("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern", "discriminator"))


def detect(project: Project) -> Iterator[Sighting]:
    """Yield limits in the schema of what requests are read into, which the same call does not enforce."""
    told: set[Class] = set()
    for function in dict.fromkeys(route.function for route in project.routes):
        scope = Scope(function.module, function.outer)
        for param in function.params:
            found = marker(project, function, param, FROM_REQUEST)
            if found is not None and not _is_narrow(project, param.annotation, scope):
                # Where a value is only compared, one that nothing fits is taken as the rest is.
                is_choice = keyword(found[0], "enum") and compared_with(project, function, param.name) is not None
                for limit in _limits(found[0], param.name, found[1].module, function):
                    yield limit.as_note() if is_choice else limit
            model = project.value(param.annotation, scope)
            if isinstance(model, Class) and model not in told and is_model(project, model):
                told.add(model)
                yield from _in_model(project, model)


def _in_model(project: Project, model: Class) -> Iterator[Sighting]:
    for name, (statement, cls) in fields_of(project, model).items():
        scope = Scope(cls.module)
        if _is_narrow(project, statement.annotation, scope) or has_validator(cls, name):
            continue
        for call in ast.walk(statement):
            if isinstance(call, ast.Call) and project.path(call.func, scope) == "pydantic.Field":
                yield from _limits(call, name, cls.module, None)


def _limits(call: ast.Call, name: str, module: Module, function: Function | None) -> Iterator[Sighting]:
    given = {item.arg for item in call.keywords if item.arg}
    extra = keyword(call, "json_schema_extra")
    written = {text_of(key) for key in extra.keys if key is not None} if isinstance(extra, ast.Dict) else set()
    unknown = sorted(given & LIMITS)
    limits = unknown or sorted(written & LIMITS) * (not given & ENFORCED)
    if limits:
        yield Sighting(
            module=module,
            function=function,
            node=call,
            severity="error" if unknown else "warning",
            message=f"{limits[0]} of {name} is only written into the schema; any value is accepted",
            captured={"field": name} if function is not None else {},
        )


def _is_narrow(project: Project, annotation: ast.expr | None, scope: Scope) -> bool:
    """Return whether the type itself limits the values: a Literal, an Enum, or one that is not understood."""
    for node in ast.walk(annotation) if annotation is not None else ():
        if isinstance(node, (ast.Name, ast.Attribute)):
            value = project.value(node, scope)
            if not isinstance(value, str) or value.rpartition(".")[2] in ("Literal", "Enum", "StrEnum", "IntEnum"):
                return True
            if "Validator" in value:
                return True
    return annotation is None

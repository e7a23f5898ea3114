"""A field with one of Pydantic's URL types that is used as if it were a text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.bodies import Body
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import short
from troubleshoot.code.topics.models import fields_of, has_validator

BROKEN = {
    "database.py": """
from settings import settings
from sqlalchemy import create_engine

engine = create_engine(settings.database_url, pool_pre_ping=True)
""",
    "settings.py": """
from pydantic import PostgresDsn, HttpUrl
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: PostgresDsn
    payment_url: HttpUrl | None = None


settings = Settings()
""",
    "main.py": """
import httpx
from fastapi import FastAPI
from pydantic import BaseModel, HttpUrl

from database import engine
from settings import settings

app = FastAPI()


class Bookmark(BaseModel):
    link: HttpUrl


@app.post("/bookmarks")
def add(bookmark: Bookmark):
    if bookmark.link.startswith("http://"):
        return None
    httpx.get(settings.payment_url)
    return bookmark
""",
}
FIXED = {
    "main.py": """
from typing import Annotated

import httpx
from fastapi import FastAPI
from pydantic import AfterValidator, BaseModel, HttpUrl, PostgresDsn, field_validator
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine

Address = Annotated[HttpUrl, AfterValidator(str)]


class Settings(BaseSettings):
    database_url: PostgresDsn
    other_url: Address
    third_url: PostgresDsn

    @field_validator("third_url")
    @classmethod
    def as_text(cls, value):
        return str(value)


settings = Settings()
engine = create_engine(str(settings.database_url))
other = create_engine(settings.database_url.unicode_string())
third = create_engine(settings.third_url)
app = FastAPI()


class Bookmark(BaseModel):
    link: HttpUrl
    plain: str


@app.post("/bookmarks")
def add(bookmark: Bookmark):
    httpx.get(str(bookmark.link))
    httpx.get(settings.other_url)
    if bookmark.link.host.startswith("www") or bookmark.plain.startswith("http"):
        return bookmark.link.scheme
    return bookmark
""",
}
URL = re.compile(r"pydantic\.(networks\.)?\w*(Url|Dsn)\(\)")
TAKERS = re.compile(
    r"sqlalchemy\.(ext\.asyncio\.)?create_(async_)?engine"
    r"|httpx\.(get|post|put|patch|delete|head|request|stream)"
    r"|httpx\.(Async)?Client\(\)\.(get|post|put|patch|delete|head|stream)"
    r"|redis(\.asyncio)?\.(Redis\.)?from_url"
)
"""Calls whose first argument has to be a text or an object of the library's own."""
METHODS = frozenset(
    (
        "startswith",
        "endswith",
        "strip",
        "lstrip",
        "rstrip",
        "split",
        "rsplit",
        "partition",
        "replace",
        "lower",
        "encode",
    )
)


def detect(project: Project) -> Iterator[Sighting]:
    """Yield URLs that are handed to a call that wants a text, or asked for a method of `str`."""
    for module in _modules(project):
        yield from _in_body(project, module, module.body)
        for function in module.all_functions:
            yield from _in_body(project, function, function.body)


def _modules(project: Project) -> Iterator[Module]:
    """Yield the files that make routes or engines; what is imported from others is found from there."""
    told = list(project.modules)
    yield from told
    for path in project.files.paths if project.only is None else ():
        if b"create_engine" in project.files.data(path) or b"create_async_engine" in project.files.data(path):
            module = project.files.module(path)
            if module is not None and module not in told:
                yield module


def _in_body(project: Project, where: Function | Module, body: Body) -> Iterator[Sighting]:
    module = where.module if isinstance(where, Function) else where
    function = where if isinstance(where, Function) else None
    for call in body.calls:
        first = call.args[0] if call.args else None
        if first is not None and TAKERS.fullmatch(project.path(call.func, where)) and _is_url(project, first, where):
            message = f"{short(first)} is an object of Pydantic, and {short(call.func)} wants a text"
            yield Sighting(module=module, function=function, node=call, severity="error", message=message)
    for attribute in body.attributes:
        if attribute.attr in METHODS and _is_url(project, attribute.value, where):
            message = f"{short(attribute.value)} is an object of Pydantic without the method {attribute.attr} of str"
            yield Sighting(module=module, function=function, node=attribute, severity="error", message=message)


def _is_url(project: Project, node: ast.expr, where: Function | Module) -> bool:
    """Return whether `node` is a field with a URL type that no validator turns into something else."""
    if not isinstance(node, ast.Attribute) or not URL.fullmatch(project.path(node, where)):
        return False
    holder = project.value(node.value, where)
    field = fields_of(project, holder.of).get(node.attr) if isinstance(holder, Instance) else None
    if field is None or has_validator(field[1], node.attr):
        return False
    annotation: ast.expr = field[0].annotation
    alias = project.inference.alias(annotation.id, Scope(field[1].module)) if isinstance(annotation, ast.Name) else None
    text = ast.unparse(alias[0] if alias is not None else annotation)
    return "Validator" not in text and "Serializer" not in text

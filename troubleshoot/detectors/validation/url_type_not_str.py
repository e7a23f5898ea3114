"""A field with one of Pydantic's URL types that is used as if it were a text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.bodies import Body
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import nesting, short
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
import json

import httpx
from fastapi import FastAPI
from pydantic import BaseModel, HttpUrl
from sqlalchemy import text

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
    if settings.payment_url:
        httpx.get(settings.payment_url, timeout=3)
    return bookmark


@app.post("/rows")
def add_row(bookmark: Bookmark):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO bookmarks VALUES (:link)"), {"link": bookmark.link})
    return json.dumps(bookmark.model_dump())
""",
}
FIXED = {
    "main.py": """
import json
from typing import Annotated

import httpx
from fastapi import FastAPI
from pydantic import AfterValidator, BaseModel, HttpUrl, PostgresDsn, field_validator
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine, text

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
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO bookmarks VALUES (:link)"), {"link": str(bookmark.link)})
    print(json.dumps(bookmark.model_dump(mode="json")), json.dumps(bookmark.model_dump(exclude={"link"})))
    print(json.dumps(bookmark.model_dump(), default=str))
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
        if project.files.holds(path, b"create_engine", b"create_async_engine"):
            module = project.files.module(path)
            if module is not None and module not in told:
                yield module


def _in_body(project: Project, where: Function | Module, body: Body) -> Iterator[Sighting]:
    for call in body.calls:
        first = call.args[0] if call.args else None
        path = project.path(call.func, where)
        if first is not None and TAKERS.fullmatch(path) and _is_url(project, first, where):
            message = f"{short(first)} is an object of Pydantic, and {short(call.func)} wants a text"
            yield _sighting(project, where, call, first, message)
        for value in _bound_values(project, call, where):
            if _is_url(project, value, where):
                message = f"{short(value)} is an object of Pydantic, and the database's driver wants a text"
                yield _sighting(project, where, value, value, message)
        told = {item.arg for item in call.keywords} & {"default", "cls", None}
        if path == "json.dumps" and not told and _is_dump_of_url(project, first, where):
            assert first is not None
            message = f"{short(first)} holds objects of Pydantic, of which json makes no text"
            yield _sighting(project, where, first, None, message, dump=first)
    for attribute in body.attributes:
        if attribute.attr in METHODS and _is_url(project, attribute.value, where):
            message = f"{short(attribute.value)} is an object of Pydantic without the method {attribute.attr} of str"
            yield _sighting(project, where, attribute, attribute.value, message)


def _sighting(
    project: Project,
    where: Function | Module,
    node: ast.expr,
    url: ast.expr | None,
    message: str,
    **nodes: ast.expr,
) -> Sighting:
    if url is not None and not _may_be_none(project, url, where):
        nodes["url"] = url
    function = where if isinstance(where, Function) else None
    module = where.module if isinstance(where, Function) else where
    return Sighting(module=module, function=function, node=node, severity="error", message=message, nodes=nodes)


def _bound_values(project: Project, call: ast.Call, where: Function | Module) -> Iterator[ast.expr]:
    """Yield the values for the parameters of a statement in text, for which SQLAlchemy knows no types."""
    statement = call.args[0] if len(call.args) == 2 else None
    if isinstance(statement, ast.Call) and project.path(statement.func, where) == "sqlalchemy.text":
        several = call.args[1].elts if isinstance(call.args[1], ast.List) else [call.args[1]]
        for item in several:
            yield from item.values if isinstance(item, ast.Dict) else ()


def _is_dump_of_url(project: Project, node: ast.expr | None, where: Function | Module) -> bool:
    """Return whether `node` is a plain `model_dump()` of a model of which a field is a URL."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.args or node.keywords:
        return False
    model = project.value(node.func.value, where)
    if node.func.attr != "model_dump" or not isinstance(model, Instance):
        return False
    return any(
        URL.fullmatch(f"{project.path(field.annotation, cls.module)}()") and not _is_changed(project, name, field, cls)
        for name, (field, cls) in fields_of(project, model.of).items()
    )


def _may_be_none(project: Project, node: ast.expr, where: Function | Module) -> bool:
    """Return whether the field may be None, and nothing around `node` has asked."""
    known = _field(project, node, where)
    if known is None or not re.search(r"\bNone\b|\bOptional\b", ast.unparse(known[0].annotation)):
        return False
    text = ast.unparse(node)
    return not any(
        isinstance(around, (ast.If, ast.IfExp))
        and ast.unparse(around.test) in (text, f"{text} is not None")
        and (inside is around.body or (isinstance(around.body, list) and inside in around.body))
        for around, inside in nesting(node)
    )


def _field(project: Project, node: ast.expr, where: Function | Module) -> tuple[ast.AnnAssign, Class] | None:
    """Return the field of a model that `node` reads, if its type is a URL."""
    if not isinstance(node, ast.Attribute) or not URL.fullmatch(project.path(node, where)):
        return None
    holder = project.value(node.value, where)
    return fields_of(project, holder.of).get(node.attr) if isinstance(holder, Instance) else None


def _is_url(project: Project, node: ast.expr, where: Function | Module) -> bool:
    """Return whether `node` is a field with a URL type that no validator turns into something else."""
    known = _field(project, node, where)
    return known is not None and isinstance(node, ast.Attribute) and not _is_changed(project, node.attr, *known)


def _is_changed(project: Project, name: str, field: ast.AnnAssign, cls: Class) -> bool:
    """Return whether a validator or a serializer makes something else of a field."""
    annotation: ast.expr = field.annotation
    alias = project.inference.alias(annotation.id, Scope(cls.module)) if isinstance(annotation, ast.Name) else None
    text = ast.unparse(alias[0] if alias is not None else annotation)
    return has_validator(cls, name) or "Validator" in text or "Serializer" in text

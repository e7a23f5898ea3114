"""What an application does in a way of its own, beside the mistake that it looks like."""

import pytest
from marked import marks, told

UNFILLED = "dependency-injection/depends-called-outside-fastapi"
MISMATCH = "validation/response-model-mismatch"
FORGOTTEN = "dependency-injection/missing-depends"
IN_BODY = "validation/body-declared-as-query"
CAUSES = (UNFILLED, MISMATCH, FORGOTTEN, IN_BODY)

SOURCES = {
    "a default that stands beside Depends, or is asked for": f"""
from typing import Annotated

import fastapi.params
from fastapi import Depends, FastAPI
from fastapi.params import Depends as Missing
from fastapi.security import APIKeyHeader, HTTPBearer
from sqlalchemy.orm import Session

app = FastAPI()
Bearer = Annotated[object | None, Depends(HTTPBearer(auto_error=False))]
Key = Annotated[str | None, Depends(APIKeyHeader(name="X-Key", auto_error=False))]


def get_db():
    with Session() as db:
        yield db


def get_rules():
    return list


def filled(value, made):
    return made() if isinstance(value, Missing) else value


def shouted(value):
    return value.upper() if isinstance(value, str) else value


def who(bearer: Bearer = None, key: Key = None):
    return (bearer.credentials if bearer else None) or key


def passed_on(bearer: Bearer = None):
    return who(bearer, None)


def named(limit: Annotated[int, Depends(get_rules)] = 3):
    return limit.bit_length()


def allowed(rules=Depends(get_rules)):
    rules = filled(rules, get_rules)
    return rules()


def allowed_itself(rules=Depends(get_rules)):
    if isinstance(rules, fastapi.params.Depends):
        rules = get_rules()
    return rules()


def forbidden(rules=Depends(get_rules)):
    rules = shouted(rules)
    return rules()


def stored(db: Annotated[Session, Depends(get_db)] = None):
    return db.query("rows").all()


def stored_somewhere(db: Annotated[Session, Depends(get_db)] = None):
    db = db or Session()
    return db.query("rows").all()


@app.get("/")
def read(a=Depends(who), b=Depends(allowed), c=Depends(named), d=Depends(passed_on), e=Depends(allowed_itself)):
    return a, b, c, d, e


@app.get("/rows")
def rows(a=Depends(stored), b=Depends(stored_somewhere), c=Depends(forbidden)):
    return a, b, c


def test_all():
    who()
    passed_on()
    named()
    allowed()
    allowed_itself()
    stored_somewhere()
    forbidden()  # told: {UNFILLED}
    stored()  # told: {UNFILLED}
""",
    "an answer that a decorator puts into something": f"""
import asyncio
import functools
import logging
from typing import Generic, TypeVar

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

T = TypeVar("T")
router = APIRouter()


class Boat(BaseModel):
    name: str


class Wrapped(BaseModel):
    results: Boat


def logged(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        result = await function(*args, **kwargs)
        logging.info("%s", result)
        return result

    return wrapper


def timely(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await asyncio.wait_for(function(*args, **kwargs), 5)

    return wrapper


def wrapped(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        result = await function(*args, **kwargs)
        return {{"results": result}}

    return wrapper


def under(name):
    def decorate(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            answer = {{name: await run_in_threadpool(function, *args, **kwargs)}}
            return answer

        return wrapper

    return decorate


class Boats:
    def __init__(self):
        @router.get("/c", response_model=Wrapped)
        @self.wrapped
        async def c():
            return {{"name": "a"}}

    def wrapped(self, function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            found = await function(*args, **kwargs)
            rows, more = found if isinstance(found, tuple) else (found, {{}})
            return dict(results=rows, **more)

        return wrapper


@router.get("/a", response_model=Wrapped)
@wrapped
async def a():
    return {{"name": "a"}}


@router.get("/b", response_model=Wrapped)
@under("results")
def b():
    return {{"name": "a"}}


@router.get("/d", response_model=Wrapped)
@timely
@logged
async def d():
    return {{"name": "a"}}  # told: {MISMATCH}
""",
    "a list that is declared by a class of FastAPI's": f"""
import fastapi
from fastapi import FastAPI
from fastapi.params import Depends, Query as InQuery

app = FastAPI()


def split(names: str = ""):
    return names.split(",")


@app.get("/a")
def a(names: list[str] = InQuery(default=None), more: list[str] = fastapi.params.Header([])):
    return names


@app.get("/b")
def b(names: list[str] = Depends(split)):
    return names


@app.get("/c")
def c(names: list[str] = []):  # told: {IN_BODY}
    return names
""",
    "a service that a container makes": f"""
from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Factory
from dependency_injector.wiring import Provide, inject
from fastapi import Depends, FastAPI

app = FastAPI()


class Store:
    def __init__(self):
        self.rows = []


class Service:
    def __init__(self, store: Store):
        self.store = store


class Report:
    def __init__(self, store: Store):  # told: {FORGOTTEN}
        self.store = store


class Container(DeclarativeContainer):
    store = Factory(Store)
    service = Factory(Service, store=store)
    report = Factory(Report, store=store)


@app.get("/a")
@inject
def a(service: Service = Depends(Provide[Container.service]), report: Report = Depends(Provide[Container.report])):
    return service.store.rows + report.store.rows


@app.get("/b")
def b(report: Report = Depends(Report)):
    return report.store.rows
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES, ("error", "warning"))

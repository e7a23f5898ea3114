"""What an application does in a way of its own, beside the mistake that it looks like."""

import pytest
from marked import marks, told

UNFILLED = "dependency-injection/depends-called-outside-fastapi"
ADDED = "middleware/added-after-start"
MISMATCH = "validation/response-model-mismatch"
FORGOTTEN = "dependency-injection/missing-depends"
OUTLIVED = "background-tasks/request-session-used-in-task"
UNAWAITED = "performance/coroutine-not-awaited"
NO_REQUEST = "dependency-injection/http-only-dependency-on-websocket"
INJECTED = "database/sql-injection"
IN_BODY = "validation/body-declared-as-query"
CAUSES = (UNFILLED, ADDED, MISMATCH, FORGOTTEN, IN_BODY, OUTLIVED, UNAWAITED, NO_REQUEST, INJECTED)

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
    "an application that the start makes, beside the one that starts": f"""
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


class Inner:
    def __init__(self):
        self.app = FastAPI()
        self.compress()

    def compress(self):
        self.app.add_middleware(GZipMiddleware)


class Outer:
    def __init__(self, app: FastAPI):
        self.app = app

    def compress(self):
        self.app.add_middleware(GZipMiddleware)  # told: {ADDED}


def add_to(app: FastAPI):
    app.add_middleware(GZipMiddleware)


def add_to_started(app: FastAPI):
    app.add_middleware(GZipMiddleware)  # told: {ADDED}


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.mount("/inner", Inner().app)
    admin = FastAPI()
    admin.add_middleware(GZipMiddleware)
    add_to(admin)
    app.mount("/admin", admin)
    add_to_started(app)
    Outer(app).compress()
    yield


app = FastAPI(lifespan=lifespan)
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
    "a row that is only data": f"""
import asyncio

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlmodel import Field, Session, SQLModel

app = FastAPI()
running = set()


def get_db():
    with Session() as db:
        yield db


class Parcel(SQLModel, table=True):
    id: int = Field(primary_key=True)
    place: str = ""


async def follow(parcel: Parcel):
    print(parcel.place)


class Follower:
    def heard(self, event: dict):
        parcel = Parcel.model_validate(event)
        self.start(parcel)

    def start(self, parcel: Parcel):
        running.add(asyncio.create_task(follow(parcel)))


@app.post("/heard")
async def heard(event: dict):
    Follower().heard(event)


@app.post("/told")
async def told(event: dict, tasks: BackgroundTasks):
    parcel = Parcel.model_validate(event)
    tasks.add_task(follow, parcel)


@app.post("/new")
async def new(event: dict, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    parcel = Parcel(**event)
    db.add(parcel)
    db.commit()
    tasks.add_task(follow, parcel)  # told: {OUTLIVED}


@app.post("/added")
async def added(event: dict, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    parcel = Parcel.model_validate(event)
    db.add(parcel)
    db.commit()
    follow_later(parcel, tasks)


def follow_later(parcel: Parcel, tasks: BackgroundTasks):
    tasks.add_task(follow, parcel)  # told: {OUTLIVED}


@app.post("/known")
async def known(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    handed_on(db.get(Parcel, 1), tasks)


def handed_on(parcel: Parcel, tasks: BackgroundTasks):
    tasks.add_task(follow, parcel)  # told: {OUTLIVED}
""",
    "a form that is entered, and a session of either kind": f"""
from typing import Union

from fastapi import Depends, FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

app = FastAPI()


class Base:
    def __init__(self, session: Union[AsyncSession, Session]):
        self.session = session

    async def save(self):
        await self.session.commit()

    def save_at_once(self):
        self.session.commit()


class Boats(Base):
    def __init__(self, session: AsyncSession):
        super().__init__(session)

    def sink_at_once(self):
        self.session.commit()


class Harbours:
    def __init__(self, session: AsyncSession | None):
        self.session = session

    def close(self):
        self.session.commit()  # told: {UNAWAITED}


def store(session: AsyncSession | Session):
    session.commit()


def get_session() -> AsyncSession:
    return AsyncSession()


@app.post("/")
async def upload(request: Request, session: AsyncSession = Depends(get_session)):
    await Boats(session).save()
    Boats(session).save_at_once()
    Boats(session).sink_at_once()
    Harbours(session).close()
    store(session)
    async with request.form() as form:
        name = form["name"]
    with request.form() as form:  # told: {UNAWAITED}
        return name, form["name"]
""",
    "a dependency that does without a request": f"""
from fastapi import Depends, FastAPI, Request, WebSocket

app = FastAPI()


class Tokens:
    def __init__(self, request: Request = None):
        self.request = request


def of_client(request: Request):
    return request.client


@app.websocket("/a")
async def a(websocket: WebSocket, tokens: Tokens = Depends()):
    await websocket.accept()


@app.websocket("/b")
async def b(websocket: WebSocket, client=Depends(of_client)):  # told: {NO_REQUEST}
    await websocket.accept()
""",
    "a table that the application itself names": f"""
from dataclasses import dataclass

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import text
from sqlalchemy.orm import Session

app = FastAPI()
TABLE = "boats"


@dataclass
class Kind:
    table: str
    key: type


@dataclass
class Wish:
    table: str


KINDS = {{"boat": Kind(table="boats", key=int), "harbour": Kind("harbours", str)}}


def get_db():
    with Session() as db:
        yield db


def count(db: Session, column: str):
    return db.execute(text(f"SELECT count(*) FROM boats WHERE {{column}} = 1")).scalar()


def count_by(db: Session, column: str):
    return count(db, column)


def size(db: Session, table: str):
    return db.execute(text(f"SELECT count(*) FROM {{table}}")).scalar()


def size_of(db: Session, kind: Kind):
    return db.execute(text(f"SELECT count(*) FROM {{kind.table}}")).scalar()


def size_wished(db: Session, wish: Wish):
    return db.execute(text(f"SELECT count(*) FROM {{wish.table}}")).scalar()  # told: {INJECTED}


def size_of_any(db: Session, table: str):
    return db.execute(text(f"SELECT count(*) FROM {{table}}")).scalar()  # told: {INJECTED}


@app.get("/a")
def a(kind: str, db: Session = Depends(get_db)):
    size_of_any(db, "boats")
    return count(db, "harbour_id"), count_by(db, column="id"), size(db, TABLE), size_of(db, KINDS[kind])


@app.get("/b")
def b(table: str, db: Session = Depends(get_db)):
    if table not in ("boats", "harbours"):
        raise HTTPException(404)
    return size(db, table)


@app.get("/c")
def c(table: str, db: Session = Depends(get_db)):
    return size_of_any(db, table), size_wished(db, Wish(table))
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES, ("error", "warning"))

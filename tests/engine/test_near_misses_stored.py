"""What looks like a mistake with rows and sessions to a reader in a hurry, beside what is one."""

import pytest
from marked import marks, told

OUTLIVED = "background-tasks/request-session-used-in-task"
UNAWAITED = "performance/coroutine-not-awaited"
INJECTED = "database/sql-injection"
CAUSES = (OUTLIVED, UNAWAITED, INJECTED)

SOURCES = {
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
    "tasks that a condition names and that are waited for": f"""
import asyncio

from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, select

app = FastAPI()


class Rule(SQLModel, table=True):
    id: int = Field(primary_key=True)


async def apply(rule: Rule):
    print(rule.id)


@app.post("/waited")
async def waited(rule: Rule):
    if tasks := [asyncio.create_task(apply(item)) for item in [rule]]:
        await asyncio.gather(*tasks)
    for item in [rule]:
        asyncio.create_task(apply(item))  # told: {OUTLIVED}
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES, ("error", "warning"))

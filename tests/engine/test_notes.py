"""What is so, but for which nobody would change anything, is a note; beside it what is worth a change."""

import pytest
from marked import marks, told

BROAD = "dependency-injection/broad-except-hides-http-exception"
EACH = "database/n-plus-one"
EVERY = "database/unbounded-query"
WAITS = "performance/blocking-call-in-async-endpoint"
CAUSES = (BROAD, EACH, EVERY, WAITS)
WORTH = ("error", "warning")

SOURCES = {
    "a refusal that says what is wrong with the request": f"""
from http import HTTPStatus

import requests
from fastapi import FastAPI, HTTPException, status
from fastapi.responses import JSONResponse
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()


def store(text: str):
    with SessionLocal() as db:
        keep(db, text)


def keep(db, text):
    db.execute(sql("insert into texts values (:text)"), {{"text": text}})
    db.commit()


@app.get("/a/{{text}}")
def a(text: str):
    try:
        return bytes.fromhex(text).decode()
    except Exception as error:
        raise HTTPException(400, f"no hexadecimal: {{error}}")


@app.get("/b/{{text}}")
def b(text: str):
    try:
        return store(text)
    except NoResultFound as error:
        raise HTTPException(status_code=HTTPStatus.NOT_FOUND, detail=str(error))
    except IntegrityError as error:
        raise HTTPException(status_code=status.HTTP_409_CONFLICT, detail=str(error))  # told: {BROAD}
    except Exception as error:
        raise HTTPException(status_code=HTTPStatus.UNPROCESSABLE_ENTITY, detail=str(error))


@app.get("/c/{{text}}")
def c(text: str):
    try:
        return store(text)
    except Exception as error:
        if not text:
            return JSONResponse({{"detail": str(error)}}, 422)
        return JSONResponse({{"detail": str(error)}}, 500)  # told: {BROAD}


@app.get("/d/{{text}}")
def d(text: str):
    try:
        return store(text)
    except Exception as error:
        raise HTTPException(HTTPStatus.BAD_GATEWAY, detail=str(error))  # told: {BROAD}


@app.get("/e/{{text}}")
def e(text: str):
    try:
        return store(text)
    except Exception as error:
        return JSONResponse({{"detail": str(error)}})  # told: {BROAD}


@app.get("/f/{{text}}")
def f(text: str):
    try:
        return requests.post("https://example.com", json=text).json()
    except requests.RequestException as error:
        raise HTTPException(HTTPStatus.BAD_GATEWAY, detail=f"not sent: {{error}}")
    except Exception as error:
        raise HTTPException(500, detail=str(error))


@app.get("/g/{{text}}")
def g(text: str):
    try:
        found = bytes.fromhex(text)
    except Exception as error:
        raise HTTPException(500, detail=str(error))
    with SessionLocal() as db:
        return keep(db, found.decode())
""",
    "an answer for those who run the application": f"""
from aiohttp import web
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()
internal = APIRouter(prefix="/internal/rows")
plain = APIRouter(prefix="/rows/international")


class Row: ...


def check_admin(): ...


@internal.get("/{{number}}")
def read_row(number: int):
    try:
        return SessionLocal().get(Row, number)
    except Exception as error:
        raise HTTPException(500, str(error))


@plain.get("/{{number}}")
def read_plain(number: int):
    try:
        return SessionLocal().get(Row, number)
    except Exception as error:
        raise HTTPException(500, str(error))  # told: {BROAD}


@plain.get("/all", dependencies=[Depends(check_admin)])
def read_all():
    try:
        return SessionLocal().get(Row, number)
    except Exception as error:
        raise HTTPException(500, str(error))


async def metrics(request):
    try:
        return web.Response(text=collected())
    except Exception as error:
        return web.Response(text=str(error), status=500)


app.include_router(internal)
app.include_router(plain)
""",
    "an exception of a layer below the endpoints": f"""
from fastapi import FastAPI, HTTPException

app = FastAPI()


class StoreError(Exception):
    pass


def find(number: int):
    if number > 9:
        raise HTTPException(404, "no such row")
    return number


def load(number: int):
    try:
        return find(number)
    except Exception as error:
        raise StoreError("not loaded") from error


def checked(number: int):
    try:
        return find(number)
    except Exception:  # told: {BROAD}
        raise HTTPException(500, "not loaded")


@app.get("/rows/{{number}}")
def read_row(number: int):
    try:
        return find(number)
    except Exception:  # told: {BROAD}
        raise StoreError("not loaded")


@app.get("/loaded/{{number}}")
def read_loaded(number: int):
    return load(number) + checked(number)


@app.get("/same/{{number}}")
def read_same(number: int):
    try:
        return find(number)
    except Exception:
        raise HTTPException(404, "nothing there")
""",
    "a loop that searches": f"""
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()


class Base(DeclarativeBase):
    pass


class Mail(Base):
    __tablename__ = "mails"


def get_db():
    with SessionLocal() as db:
        yield db


@app.post("/first")
def first(mails: list[str], db: Session = Depends(get_db)):
    for mail in mails:
        found = db.scalar(select(Mail).where(Mail.name == mail))
        if found:
            return found.id


@app.post("/chosen")
def chosen(mails: list[str], db: Session = Depends(get_db)):
    found = None
    for mail in mails:
        found = db.scalar(select(Mail).where(Mail.name == mail))
        if found:
            break
    return found


@app.post("/all")
def every(mails: list[str], db: Session = Depends(get_db)):
    names = []
    for mail in mails:
        found = db.scalar(select(Mail).where(Mail.name == mail))  # told: {EACH}
        for letter in mail:
            if letter == "@":
                break
        if not found:
            raise ValueError
        names.append(found.name)
    return names
""",
    "the rows of a table of SQLAlchemy's own that fit": f"""
import models
from fastapi import Depends, FastAPI
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/fitting/{{user_id}}")
def fitting(user_id: int, db: Session = Depends(get_db)):
    found = db.execute(
        select(models.followers.c.follower_id).where(models.followers.c.followed_id == user_id)
    )
    return [row[0] for row in found.all()]


@app.get("/columns/{{name}}")
def columns(name: str, db: Session = Depends(get_db)):
    sql = "select column_name from columns where table_name = :name"
    statement = text(sql).bindparams(name=name)
    return db.execute(statement).all()


@app.get("/all")
def every(db: Session = Depends(get_db)):
    found = db.execute(select(models.followers.c.follower_id))  # told: {EVERY}
    return [row[0] for row in found.all()]


@app.get("/text")
def written(db: Session = Depends(get_db)):
    statement = text("select column_name from columns")
    return db.execute(statement).all()  # told: {EVERY}
### models.py
from sqlalchemy import Column, Integer, MetaData, Table

followers = Table("followers", MetaData(), Column("follower_id", Integer), Column("followed_id", Integer))
""",
    "a class that stands in for another": f"""
import time

from fastapi import FastAPI

app = FastAPI()


class MockService:
    async def ask(self):
        time.sleep(1)


class Mockingbird:
    async def sing(self):
        time.sleep(1)  # told: {WAITS}


@app.get("/")
async def read():
    await MockService().ask()
    await Mockingbird().sing()
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_worth_a_change_is_no_note(name, tmp_path, catalog):
    source = SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, WORTH)

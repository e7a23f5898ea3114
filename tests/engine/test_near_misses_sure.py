"""What is an error, as every step to it is read; beside it what is told as less, as somebody may have meant it."""

import pytest
from marked import marks, told

BROAD = "dependency-injection/broad-except-hides-http-exception"
LOOP = "database/n-plus-one"
SYNC = "database/sync-session-in-async-endpoint"
CALLED = "dependency-injection/depends-called-outside-fastapi"
SHADOWED = "routing/path-parameter-shadows"
STARTING = "startup/startup-error-swallowed"
BLOCKING = "performance/blocking-call-in-async-endpoint"
EVERY = "database/unbounded-query"
CAUSES = (BROAD, SHADOWED, STARTING, BLOCKING, EVERY, LOOP, SYNC, CALLED)

APP = """
from fastapi import Depends, FastAPI, HTTPException, status
from fastapi.responses import JSONResponse

app = FastAPI()


def find(number: int):
    if number > 9:
        raise HTTPException(404, "nothing there")
    return number


"""
ERRORS = {
    "a status that is chosen for whatever goes wrong": f"""{APP}
class Refused(HTTPException):
    def __init__(self, text):
        super().__init__(401, text)


class Lost(Exception): ...


@app.get("/a/{{number}}")
def a(number: int):
    try:
        return find(number)
    except Exception:  # told: {BROAD}
        raise HTTPException(status.HTTP_500_INTERNAL_SERVER_ERROR, "failed")


@app.get("/b/{{number}}")
def b(number: int):
    try:
        return find(number)
    except Exception:
        raise HTTPException(502, "not sent")


@app.get("/c/{{number}}")
def c(number: int):
    try:
        if number > 9:
            raise Refused("too large")
        return number
    except Exception:
        raise Refused("something went wrong")


@app.get("/d/{{number}}")
def d(number: int):
    refused = HTTPException(401, "refused")
    try:
        return find(number)
    except Exception:
        raise refused


@app.get("/e/{{number}}")
def e(number: int):
    try:
        return find(number)
    except Exception:  # told: {BROAD}
        return JSONResponse({{"failed": True}})


@app.get("/f/{{number}}")
def f(number: int):
    try:
        return find(number)
    except Exception:
        return JSONResponse({{"failed": True}}, status_code=400)


@app.get("/g/{{number}}")
def g(number: int):
    try:
        return find(number)
    except Exception:  # told: {BROAD}
        raise Lost
""",
    "an exception of one's own that has an answer": f"""{APP}
class Lost(Exception): ...


@app.exception_handler(Lost)
def lost(request, error):
    return JSONResponse({{}}, status_code=404)


@app.get("/a/{{number}}")
def a(number: int):
    try:
        return find(number)
    except Exception:
        raise Lost
""",
    "a module that is called as those that ask a database": f"""{APP}
import crud
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))


class Order: ...


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/a")
async def a(db: Session = Depends(get_db)):
    orders = crud.orders(db)
    return orders, db.query(Order).all()  # told: {SYNC}
""",
    "a router of routers that nobody includes": f"""
from fastapi import FastAPI
from routers import books, orders

app = FastAPI()
app.include_router(books.router, prefix="/books")
app.include_router(orders.router, prefix="/orders")
### routers/__init__.py
from fastapi import APIRouter

from . import books, orders

everything = APIRouter()
everything.include_router(books.router)
everything.include_router(orders.router)
### routers/books.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/{{book_id}}")
def read_book(book_id: int):
    return book_id
### routers/orders.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/mine")
def mine():
    return []


@router.get("/{{order_id}}")
def read_order(order_id: int):
    return order_id


@router.get("/last")  # told: {SHADOWED}
def last():
    return 1
""",
}
WORTH = {
    "columns that are called as a relationship is": f"""
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, relationship, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


class Base(DeclarativeBase): ...


class Brand(Base):
    __tablename__ = "brands"
    id = mapped_column(primary_key=True)


class Part(Base):
    __tablename__ = "parts"
    id = mapped_column(primary_key=True)
    brand = relationship("Brand")


class PartOut(BaseModel):
    id: int
    brand: str


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/columns", response_model=list[PartOut])
def columns(db: Session = Depends(get_db)):
    found = db.execute(select(Part.id.label("id"), Brand.name.label("brand")).join(Brand).limit(9)).mappings().all()
    return [PartOut(**row) for row in found]


@app.get("/rows", response_model=list[PartOut])
def rows(db: Session = Depends(get_db)):
    return db.scalars(select(Part).limit(9)).all()  # told: {LOOP}


def settle(db, part):
    brand = db.get(Brand, part.brand_id)
    part.note = brand.name


def keep(db, number):
    part = db.get(Part, number)
    db.add(part.copy())


def known(db, number):
    return db.get(Part, number).id


@app.post("/all")
def all_of_them(numbers: list[int], db: Session = Depends(get_db)):
    for part in db.scalars(select(Part)).all():
        settle(db, part)
    for number in numbers:
        keep(db, number)
    return [known(db, number) for number in numbers]  # told: {LOOP}
""",
    "a table that is imported under another name": f"""
from fastapi import Depends, FastAPI
from models import Place as PlaceModel
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/a/{{shop}}")
def a(shop: int, db: Session = Depends(get_db)):
    return db.query(PlaceModel).filter(PlaceModel.shop_id == shop).all()


@app.get("/b")
def b(db: Session = Depends(get_db)):
    return db.query(PlaceModel).all()  # told: {EVERY}
### models.py
from sqlalchemy.orm import DeclarativeBase, mapped_column


class Base(DeclarativeBase): ...


class Place(Base):
    __tablename__ = "places"
    id = mapped_column(primary_key=True)
    shop_id = mapped_column()
""",
    "a feed that has been fetched, and a start that can do without": f"""
from contextlib import asynccontextmanager

import feedparser
from fastapi import FastAPI


def connect():
    raise OSError("not there")


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        connect()
    except Exception as error:
        print(f"no storage: {{error}}")
        print("Uploads will be disabled")
    try:
        connect()
    except Exception as error:
        print(f"no storage: {{error}}")
        # Continue the start, somebody will look.

    app.state.tries = 0

    try:
        connect()
    except Exception as error:  # told: {STARTING}
        print(f"no storage: {{error}}")
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/a")
async def a(feed_text: str, url: str):
    return feedparser.parse(feed_text), feedparser.parse(url)  # told: {BLOCKING}
""",
    "a test that calls what FastAPI calls otherwise": f"""
from fastapi import Depends, FastAPI

app = FastAPI()


def get_name():
    return "a"


@app.get("/a")
def a(name: str = Depends(get_name)):
    return name.upper()


def b():
    return a()  # told: {CALLED}
### tests/test_main.py
from main import a


def test_a(patched):
    assert a()
""",
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_are_proven(name, tmp_path, catalog):
    source = ERRORS[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, ("error",))


@pytest.mark.parametrize("name", WORTH)
def test_what_is_told_is_worth_a_change(name, tmp_path, catalog):
    source = WORTH[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, ("error", "warning"))

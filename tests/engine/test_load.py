"""What costs time for each row or each request, beside what is done for few rows, for few people, or once."""

import pytest
from marked import marks, told

HEAD = """
from functools import lru_cache
from typing import Annotated

import httpx
from fastapi import APIRouter, Body, Depends, FastAPI, Query, Security
from pydantic import BaseModel, Field, conlist
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

app = FastAPI()
engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def get_db():
    with SessionLocal() as db:
        yield db


def current_user():
    return "ann"


def require_admin(user=Depends(current_user)):
    return user


"""
EACH = "database/n-plus-one"
ALL = "database/unbounded-query"
ENGINE = "database/engine-per-request"
CLIENT = "performance/client-per-request"
CAUSES = (EACH, ALL, ENGINE, CLIENT)

SOURCES = {
    "lists that are declared to be short": f"""
MOST = 20
VERY_MANY = 10_000


class Line(BaseModel):
    id: int


class Order(BaseModel):
    lines: list[Line] = Field(max_length=50)
    few: conlist(Line, max_length=5)
    annotated: Annotated[list[Line], Field(max_length=10)]
    long: list[Line] = Field(max_length=5000)
    free: list[Line]


@app.post("/orders")
def order(body: Order, db: Session = Depends(get_db)):
    found = [db.get(Item, item.id) for item in body.lines]
    found += [db.get(Item, item.id) for item in body.few]
    found += [db.get(Item, item.id) for item in body.annotated]
    found += [db.get(Item, item.id) for item in body.long]  # told: {EACH}
    found += [db.get(Item, item.id) for item in body.free]  # told: {EACH}
    return found


@app.get("/short")
def short(
    a: Annotated[list[int], Query(max_length=10)],
    b: list[int] = Query(max_length=MOST),
    c: list[int] = Body(max_length=VERY_MANY),
    d: list[int] = Query(),
    db: Session = Depends(get_db),
):
    found = [db.get(Item, item) for item in a]
    found += [db.get(Item, item) for item in b]
    found += [db.get(Item, item) for item in c]  # told: {EACH}
    found += [db.get(Item, item) for item in d]  # told: {EACH}
    return found
""",
    "for administrators": f"""
admins = APIRouter(prefix="/admin")
guarded = APIRouter(dependencies=[Depends(require_admin)])
included = APIRouter()
everyone = APIRouter(prefix="/items")
app.include_router(admins)
app.include_router(guarded)
app.include_router(included, dependencies=[Depends(require_admin)])
app.include_router(everyone, tags=["administered"])


def everything(db):
    return db.scalars(select(Item)).all()  # told: {ALL}


def for_admins(db):
    return db.scalars(select(Item)).all()


@admins.get("/a")
def a(db: Session = Depends(get_db)):
    everything(db)
    return db.scalars(select(Item)).all()


@guarded.get("/b")
def b(db: Session = Depends(get_db)):
    return db.scalars(select(Item)).all()


@included.get("/c")
def c(ids: list[int], db: Session = Depends(get_db)):
    return [db.get(Item, item) for item in ids], for_admins(db)


@app.get("/d", dependencies=[Security(require_admin)])
def d(db: Session = Depends(get_db)):
    return db.scalars(select(Item)).all()


@everyone.get("/e")
def e(ids: list[int], db: Session = Depends(get_db)):
    everything(db)
    found = db.scalars(select(Item)).all()  # told: {ALL}
    return [db.get(Item, item) for item in ids], found  # told: {EACH}
""",
    "parts of a statement": f"""
def newest():
    return select(Item.id).limit(10).subquery()


@app.get("/a")
def a(db: Session = Depends(get_db)):
    chosen = newest()
    return db.execute(select(chosen.c.id)).all()


@app.get("/b")
def b(db: Session = Depends(get_db)):
    few = select(Item.id).limit(5).cte()
    return db.execute(select(Item).join(few, few.c.id == Item.id)).all()


@app.get("/c")
def c(db: Session = Depends(get_db)):
    return db.scalars(select(Item).select_from(newest())).all()


@app.get("/d")
def d(db: Session = Depends(get_db)):
    every = select(Item.id).cte()
    return db.execute(select(every.c.id)).all()  # told: {ALL}


@app.get("/e")
def e(db: Session = Depends(get_db)):
    return db.scalars(select(Item).outerjoin(newest())).all()  # told: {ALL}
""",
    "what is kept by those whom it is handed to": f"""
engines = {{}}
clients = {{}}


def make_engine(name):
    made = create_engine(name)
    return made


def engine_for(name):
    if (known := engines.get(name)) is not None:
        return known
    made = make_engine(name)
    engines[name] = made
    return made


class Registry:
    engines = {{}}

    @classmethod
    def build(cls, name):
        return create_engine(name, echo=True)

    @classmethod
    def get(cls, name):
        known = cls.engines.get(name)
        if known:
            return known
        made = cls.build(name)
        cls.engines[name] = made
        return made


@lru_cache
def cached(name):
    return build_client(name)


def build_client(name):
    return httpx.Client(base_url=name)


def kept_at_once(name):
    return clients.setdefault(name, httpx.Client(base_url=name))


def fresh(name):
    return create_engine(name)  # told: {ENGINE}


def forgotten(name):
    made = create_engine(name)  # told: {ENGINE}
    local = {{}}
    local[name] = made
    return local


def shared(name):
    return create_engine(name)  # told: {ENGINE}


def keeps(name):
    engines[name] = shared(name)


@app.get("/")
def read(name: str):
    keeps(name)
    return (
        engine_for(name), Registry.get(name), cached(name), kept_at_once(name), fresh(name), forgotten(name),
        shared(name),
    )
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_costs_little_is_no_warning(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert told(source, tmp_path, catalog, CAUSES, ("error", "warning")) == marks(source)

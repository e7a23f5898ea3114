"""What is told as a mistake only where it is known to be one: what a value is, what runs together, what is lost."""

import pytest
from marked import marks, told

HEAD = """
import asyncio
import json
import logging

import cv2
import joblib
import kubernetes
import numpy
import requests
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Path, Query, UploadFile
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, RedirectResponse
from peewee import Model, fn
from pydantic import BaseModel
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))


def get_db():
    with SessionLocal() as db:
        yield db


app = FastAPI()
"""
ASKS = "database/sync-session-in-async-endpoint"
COMPUTES = "performance/cpu-bound-in-event-loop"
WRITTEN = "validation/constraint-only-in-schema"
OUTSIDE = "dependency-injection/depends-called-outside-fastapi"
BYPASSES = "validation/response-bypasses-model"
TEXT = "dependency-injection/broad-except-hides-http-exception"
ANYBODY = "middleware/cors-wildcard-with-credentials"
EVERYTHING = "database/unbounded-query"
STARTING = "startup/startup-error-swallowed"
WAITS = "performance/blocking-call-in-async-endpoint"
ENGINE = "database/engine-per-request"
OPEN = "database/session-not-closed"
AGAIN = "dependency-injection/rebuilt-every-request"
TYPE = "dependency-injection/forward-reference-unresolved"
EACH = "database/n-plus-one"
STRING = "database/raw-sql-needs-text"
LOST = "background-tasks/lost-on-restart"
HEAVY = "performance/heavy-initialisation-repeated"
CAUSES = (
    ASKS,
    COMPUTES,
    WRITTEN,
    OUTSIDE,
    BYPASSES,
    TEXT,
    ANYBODY,
    EVERYTHING,
    STARTING,
    HEAVY,
    WAITS,
    ENGINE,
    LOST,
    OPEN,
    AGAIN,
    TYPE,
    EACH,
    STRING,
)

SOURCES = {
    "what a query has given is asked for its parts": f"""
class Flight(Model):
    pass


@app.get("/flights")
async def span():
    found = Flight.select(fn.MIN(Flight.start).alias("first")).dicts().get()  # told: {ASKS}
    return found.get("first"), found.get("last")
""",
    "bytes of a picture, and a picture that is made smaller": f"""
@app.post("/pictures")
async def shrink(file: UploadFile):
    picture = cv2.imdecode(numpy.frombuffer(await file.read(), numpy.uint8), 1)  # told: {COMPUTES}
    small = cv2.resize(picture, (20, 20))
    _, encoded = cv2.imencode(".jpg", small)
    return encoded.tobytes()
""",
    "what is made on the way to a request, and what a request has given": f"""
class Retrying(requests.Session):
    def __init__(self):
        super().__init__()
        self.tries = 3


@app.get("/a")
async def a():
    return Retrying().tries


@app.get("/b")
async def b():
    return Retrying().get("https://example.com").headers.keys()  # told: {WAITS}


@app.get("/c")
async def c():
    secret = kubernetes.client.CoreV1Api().read_namespaced_secret("a", "b")  # told: {WAITS}
    return list(secret.data.keys())
""",
    "an engine that a global variable keeps": f"""
Local = None


def make_local():
    global Local
    if not Local:
        engine = create_engine("sqlite://")
        Local = sessionmaker(engine)
    return Local


def make_again(url=""):
    if not url:
        engine = create_engine("sqlite://")  # told: {ENGINE}
        return sessionmaker(engine)
    return None


@app.get("/a")
def a():
    with make_local()() as db:
        return db.scalar(select(1))


@app.get("/b")
def b():
    with make_again()() as db:
        return db.scalar(select(1))
""",
    "whoever is refused is sent to log in": f"""
@app.get("/a")
def a(name: str):
    try:
        if name != "ann":
            raise HTTPException(403, "not you")
        return name
    except Exception:
        return RedirectResponse("/login")


@app.get("/b")
def b(name: str):
    try:
        if name != "ann":
            raise HTTPException(403, "not you")
        return name
    except Exception:  # told: {TEXT}
        return JSONResponse("something went wrong", 500)
""",
    "jobs of which nothing stays, or that begin anew": f"""
class Job:
    status = "pending"


def state_of(number):
    return {{"status": "running"}} if number else {{"status": "failed"}}


async def keep(job):
    job.status = "running"
    await asyncio.sleep(1)
    job.status = "done"


async def store(job, rows):
    job.status = "running"
    await asyncio.sleep(1)
    job.status = "done"
    rows.save(job)


async def watch(job, rows):
    while True:
        job.status = "running"
        await asyncio.sleep(1)
        job.status = "done"
        rows.save(job)


@app.post("/a")
async def a(tasks: BackgroundTasks):
    tasks.add_task(keep, Job())


@app.post("/b")
async def b(tasks: BackgroundTasks):
    tasks.add_task(store, Job(), open)  # told: {LOST}


@app.post("/c")
async def c(tasks: BackgroundTasks):
    tasks.add_task(watch, Job(), open)
""",
    "choices that are only compared": f"""
def sorted_by(flights, order):
    if order == "first":
        return flights[::-1]
    return flights


@app.get("/a")
async def a(order: str = Query("first", enum=["first", "last"]), kind: str = Query("jet", enum=["jet", "prop"])):
    flights = sorted_by([1, 2], order)
    match kind:
        case "jet":
            return flights[:1]
        case _:
            return flights


@app.get("/b/{{place}}")
async def b(place: str = Path(enum=["north", "south"])):
    runways = {{"north": 1, "south": 2}}
    return runways.get(place)


@app.get("/c")
async def c(order: str = Query("first", enum=["first", "last"])):  # told: {WRITTEN}
    return {{"first": 1, "last": 2}}[order]


@app.get("/d")
async def d(db: Session = Depends(get_db), limit: int = Query(10, maximum=50)):  # told: {WRITTEN}
    return limit == 10
""",
    "markers that are asked for, or compared with what is not the default": f"""
def age_of(value):
    return value if isinstance(value, int) else value.default


async def draw(color: str = Query("red"), age: int = Query(60), kind: str = Query("gif"), width: int = Query(5)):
    if kind == "mp4":
        return None
    return color, age_of(age), width


app.get("/draw")(draw)


@app.get("/a")
async def a():
    return await draw("blue", width=3)


@app.get("/b")
async def b():
    return await draw("blue")  # told: {OUTSIDE}


@app.get("/thumbs")
async def thumb(kind: str = Query("gif")):
    return 1 if kind == "gif" else 2


@app.get("/c")
async def c():
    return await thumb()  # told: {OUTSIDE}
""",
    "a response that holds what its model has": f"""
class Done(BaseModel):
    success: bool
    message: str


@app.post("/a", response_model=Done)
async def a():
    return JSONResponse(content={{"success": True, "message": "done"}}, status_code=201)


@app.post("/b", response_model=Done)
async def b():
    answer = {{"success": True, "message": "done", "secret": "x"}}
    return JSONResponse(answer)  # told: {BYPASSES}


@app.get("/c", response_model=list[Done])
async def c(rows: str):
    return JSONResponse(json.loads(rows))
""",
    "the text of what failed, and of what a database says": f"""
def parse(number):
    return 1 / number


@app.get("/a/{{number}}")
def a(number: int):
    try:
        return parse(number)
    except Exception as error:
        raise HTTPException(502, str(error))


@app.get("/b/{{number}}")
def b(number: int, db: Session = Depends(get_db)):
    try:
        db.execute(text("UPDATE flights SET late = 1"))
        return number
    except SQLAlchemyError as error:
        raise HTTPException(500, str(error))  # told: {TEXT}
    except Exception as error:
        raise HTTPException(500, str(error))


@app.get("/c/{{number}}")
def c(number: int):
    try:
        return parse(number)
    except (OSError, EOFError) as error:
        raise HTTPException(500, f"failed: {{error}}")
""",
    "what is done for developers, or for tests": f"""
### main.py
### tower.py
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from settings import Mode, settings

app = FastAPI()
if settings.is_development:
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
if settings.is_open:
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # told: {ANYBODY}


@app.exception_handler(SQLAlchemyError)
async def failed(request: Request, exc: SQLAlchemyError):
    if settings.mode == Mode.development:
        message = f"failed: {{exc}}"
    else:
        message = "failed"
    return JSONResponse({{"detail": message, "name": request.cookies.get("name")}}, status_code=500)


@app.exception_handler(Exception)
async def broken(request: Request, exc: Exception):
    return JSONResponse({{"detail": str(exc)}}, status_code=500)  # told: {TEXT}
### settings.py
from enum import Enum


class Mode(Enum):
    development = 1


class Settings:
    mode = Mode.development
    is_development = False
    is_open = False


settings = Settings()
""",
    "a session out of a generator that is closed": f"""
@app.middleware("http")
async def count(request, call_next):
    several = get_db()
    db = next(several)
    try:
        db.add(request)
        return await call_next(request)
    finally:
        several.close()


@app.middleware("http")
async def note(request, call_next):
    several = get_db()
    db = next(several)  # told: {OPEN}
    db.add(request)
    return await call_next(request)
""",
    "a class that gives the same object": f"""
class Only(type):
    made = None

    def __call__(cls):
        cls.made = cls.made or super().__call__()
        return cls.made


class TowerClient(metaclass=Only):
    def close(self):
        pass


class PlainClient:
    def close(self):
        pass


def get_tower():
    return TowerClient()


def get_plain():
    return PlainClient()  # told: {AGAIN}


@app.get("/a")
def a(tower=Depends(get_tower), plain=Depends(get_plain)):
    return 1
""",
    "the parts of what a global variable keeps": f"""
engine = None


def get_engine():
    global engine
    if engine is not None:
        return engine
    parts = joblib.load("parts")
    engine = [parts]
    return engine


def get_parts():
    parts = joblib.load("parts")  # told: {HEAVY}
    return [parts]


@app.get("/a")
def a():
    return get_engine() + get_parts()
""",
    "a response whose type only a schema would ask for": f"""
### other.py
from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import HTMLResponse as Page

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse
    from places import Place

app = FastAPI()


@app.get("/a", include_in_schema=False)
async def a() -> HTMLResponse:
    return Page("a")


@app.get("/b")
async def b() -> HTMLResponse:  # told: {TYPE}
    return Page("b")


@app.get("/c", include_in_schema=False)
async def c() -> Place:  # told: {TYPE}
    return 1
""",
    "a start that goes on with a warning": f"""
@app.on_event("startup")
def begin():
    try:
        app.state.tower = SessionLocal()
    except Exception as error:
        logging.warning("no tower: %s", error)


@app.on_event("startup")
def prepare():
    try:
        app.state.tower = SessionLocal()
    except Exception as error:  # told: {STARTING}
        logging.exception("no tower: %s", error)
""",
    "programs of which one has cookies": f"""
### tower/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from tower.places import router

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)  # told: {ANYBODY}
app.include_router(router)
### tower/places.py
from fastapi import APIRouter, Request

router = APIRouter()


@router.get("/me")
async def me(request: Request):
    return request.cookies.get("name")
### weather/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
""",
    "statements that are written elsewhere": f"""
EVERY = "SELECT * FROM flights ORDER BY id"
LATE = "SELECT * FROM flights WHERE late"


class Flights:
    late = "SELECT * FROM flights WHERE late"

    def __init__(self, db):
        self.db = db

    def find(self):
        return self.db.execute(text(self.late)).all()


@app.get("/a")
def a(db: Session = Depends(get_db)):
    return Flights(db).find()


@app.get("/b")
def b(db: Session = Depends(get_db)):
    return db.execute(text(EVERY)).all()  # told: {EVERYTHING}


@app.get("/c")
def c(db: Session = Depends(get_db)):
    return db.execute(text(LATE)).all()
""",
    "rows of columns, and a class under another name": f"""
### main.py
### rows.py
from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

import fleet
from fleet import Boat as BoatRow

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


class BoatOut(BaseModel):
    id: int
    harbor: str


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/a")
def a(db: Session = Depends(get_db)):
    query = select(BoatRow.id.label("id"), fleet.Harbor.name.label("harbor")).select_from(BoatRow).join(fleet.Harbor)
    rows = db.execute(query.limit(9)).mappings().all()
    return [BoatOut(**row, at=row.harbor) for row in rows]


@app.get("/b")
def b(db: Session = Depends(get_db)):
    boats = db.scalars(select(fleet.Boat).limit(9)).all()  # told: {EACH}
    return [boat.harbor.name for boat in boats]


@app.get("/c")
def c(owner: int, db: Session = Depends(get_db)):
    return db.query(BoatRow).filter(BoatRow.harbor_id == owner).all()


@app.get("/d")
def d(db: Session = Depends(get_db)):
    return db.query(BoatRow).order_by(BoatRow.id).all()  # told: {EVERYTHING}
### fleet.py
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Harbor(Base):
    __tablename__ = "harbors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Boat(Base):
    __tablename__ = "boats"

    id: Mapped[int] = mapped_column(primary_key=True)
    harbor_id: Mapped[int] = mapped_column(ForeignKey("harbors.id"))
    harbor: Mapped[Harbor] = relationship()
""",
    "a string that a test never runs": f"""
### tests/test_late.py
from sqlalchemy.orm import Session


def test_late(db: Session):
    def probe():
        db.execute("select 1")

    assert probe
### late.py
from sqlalchemy.orm import Session


def late(db: Session):
    db.execute("select 1")  # told: {STRING}
""",
    "a start that fills rows in": f"""
def connect():
    return "tower"


@app.on_event("startup")
def fill():
    try:
        with open("flights.json") as file:
            rows = json.load(file)
        with SessionLocal() as db:
            db.add_all(rows)
            db.commit()
    except Exception as error:
        print(error)


@app.on_event("startup")
def prepare():
    try:
        app.state.tower = SessionLocal()
    except Exception as error:  # told: {STARTING}
        print(error)


@app.on_event("startup")
def begin():
    try:
        connect()
    except Exception as error:  # told: {STARTING}
        print(error)
""",
    "a model that a mapping may have": f"""
class Models:
    def __init__(self):
        self.loaded = {{}}

    def kept(self, name):
        if name and name in self.loaded:
            model = self.loaded[name]
        elif name.endswith("x"):
            found = joblib.load(name)
            model = found["model"]
        else:
            model = None
        if name not in self.loaded:
            self.loaded[name] = model
        return model

    def unkept(self, name):
        if name in self.loaded:
            model = None
        else:
            model = joblib.load(name)  # told: {HEAVY}
        return model


models = Models()


@app.get("/a/{{name}}")
def a(name: str):
    return models.kept(name)


@app.get("/b/{{name}}")
def b(name: str):
    return models.unkept(name)
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_proven(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, ("error", "warning"))

"""What looks like a mistake to a reader in a hurry, beside what is one: calls that cost nothing, or few people or rows."""

import pytest
from marked import marks, told

BLOCKING = "performance/blocking-call-in-async-endpoint"
COMPUTING = "performance/cpu-bound-in-event-loop"
ENGINE = "database/engine-per-request"
UNBOUNDED = "database/unbounded-query"
LOCKED = "performance/thread-lock-in-async"
LOOP = "database/n-plus-one"
CAUSES = (BLOCKING, COMPUTING, ENGINE, UNBOUNDED, LOCKED, LOOP)

SOURCES = {
    "locks and queues that are asked not to wait": f"""
import queue
import threading

from fastapi import FastAPI

app = FastAPI()
lock = threading.Lock()
jobs = queue.Queue()
stopping = threading.Event()


@app.post("/jobs")
async def order(number: int):
    jobs.put(number)
    if stopping.wait(0) or not lock.acquire(blocking=False):
        return None
    lock.release()
    return jobs.get(False) or jobs.get(timeout=0)


@app.get("/jobs")
async def take():
    stopping.wait()  # told: {LOCKED}
    lock.acquire(True)  # told: {LOCKED}
    return jobs.get()  # told: {LOCKED}
""",
    "the names in one folder": f"""
import os

from fastapi import FastAPI

app = FastAPI()


def names_in(folder, deep=False):
    found = []
    for root, _, names in os.walk(folder):
        found += names
        if not deep:
            break
    return found


def of_first(folder):
    for root, _, names in os.walk(folder):
        return names


def not_hidden(folder):
    for root, _, names in os.walk(folder):
        if root.startswith("."):
            continue
        return names


@app.get("/")
async def read():
    of_first("a")
    not_hidden("a")  # told: {BLOCKING}
    names_in("a")
    names_in("a", deep=False)
    names_in("a", deep=True)  # told: {BLOCKING}
    next(os.walk("a"))
    for root, _, names in os.walk("a"):  # told: {BLOCKING}
        if "b" in names:
            break
    return [root for root, _, _ in os.walk("a")]  # told: {BLOCKING}
""",
    "what stands in the header of a picture": f"""
import io

import numpy
import pytesseract
from fastapi import FastAPI
from PIL import Image

app = FastAPI()


def size_of(data):
    with Image.open(io.BytesIO(data)) as picture:
        return picture.width, picture.height


def kind_of(picture):
    return picture.format.lower() if picture.format else "png"


def smaller(picture):
    return picture.resize((1, 1))


@app.post("/")
async def write(data: bytes):
    size_of(data)
    Image.open(io.BytesIO(data)).verify()
    picture = Image.open(io.BytesIO(data))
    print(kind_of(picture), picture._getexif())
    return Image.open(io.BytesIO(data)).size


@app.post("/small")
async def small(data: bytes):
    picture = Image.open(io.BytesIO(data))
    print(picture.size)
    small = smaller(picture)  # told: {COMPUTING}
    Image.open(io.BytesIO(data)).convert("RGB")  # told: {COMPUTING}
    return small


@app.post("/points")
async def points(data: bytes):
    read = Image.open(io.BytesIO(data))
    print(pytesseract.image_to_string(read))  # told: {COMPUTING}
    picture = Image.open(io.BytesIO(data))  # told: {COMPUTING}
    return numpy.array(picture).tolist()
""",
    "what a background task does, where there are any": f"""
import requests
from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


class Events:
    def __init__(self, tasks=None):
        self.tasks = tasks

    def publish(self, name):
        if self.tasks:
            self.tasks.add_task(self.send, name)
        else:
            self.send(name)

    def publish_here(self, name):
        if self.tasks:
            self.tasks.add_task(self.count, name)
        else:
            self.send(name)

    def send(self, name):
        requests.post("https://example.org", json=name)

    def count(self, name):
        print(name)


def tell(name, tasks=None):
    if tasks is None:
        send(name)
    else:
        tasks.add_task(send, name)


def send(name):
    requests.post("https://example.org", json=name)


def events(tasks: BackgroundTasks):
    return Events(tasks)


@app.get("/")
async def read(tasks: BackgroundTasks, events: Events = Depends(events)):
    events.publish("a")
    events.publish_here("a")  # told: {BLOCKING}
    tell("a", tasks)
    tell("a")  # told: {BLOCKING}
""",
    "a condition in both halves": f"""
from fastapi import Depends, FastAPI
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Session, aliased, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Run(Base):
    id = mapped_column(primary_key=True)
    job = mapped_column()
    kind = mapped_column()


@app.get("/either")
def either(job: int, kind: str | None, db: Session):
    if kind is None:
        found = select(Run).where(Run.job == job)
    else:
        found = select(Run).where(Run.job == job, Run.kind == kind)
    return db.scalars(found).all()


@app.get("/one")
def one(kind: str | None, db: Session):
    if kind is None:
        found = select(Run)
    else:
        found = select(Run).where(Run.kind == kind)
    return db.scalars(found).all()  # told: {UNBOUNDED}


@app.get("/latest")
def latest(job: int, db: Session):
    number = func.row_number().over(partition_by=Run.kind)
    part = select(Run, number.label("number")).filter(Run.job == job).subquery()
    last = aliased(Run, part)
    return db.scalars(select(last).filter(part.c.number == 1)).all()


@app.get("/numbered")
def numbered(db: Session):
    part = select(Run, func.row_number().label("number")).subquery()
    return db.scalars(select(aliased(Run, part))).all()  # told: {UNBOUNDED}
""",
    "what administrators ask for": f"""
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import create_engine

app = FastAPI()
backups = APIRouter(prefix="/backups")
users = APIRouter(prefix="/users")
admin = APIRouter(prefix="/admin")
api = APIRouter(prefix="/api")
admin.include_router(backups)
api.include_router(admin)
api.include_router(users)
app.include_router(api)


@backups.post("")
def restore():
    return create_engine("sqlite:///backup").connect()


@users.get("")
def read():
    return create_engine("sqlite:///users").connect()  # told: {ENGINE}
""",
    "a client that its object keeps, and closes at its end": f"""
from fastapi import FastAPI
from sqlalchemy import create_engine

app = FastAPI()


class Connector:
    def __init__(self, url):
        self.url = url
        self.engine = None

    def client(self):
        if not self.engine:
            self.engine = self.create_client()
        return self.engine

    def create_client(self):
        raise NotImplementedError


class Closing(Connector):
    def close(self):
        if self.engine:
            self.engine.dispose()


class Lite(Closing):
    def create_client(self):
        return create_engine(self.url, echo=True)


class Forgetful(Connector):
    def create_client(self):
        return create_engine(self.url)  # told: {ENGINE}


class Hasty(Closing):
    def client(self):
        return self.made().connect()

    def made(self):
        return create_engine(self.url)  # told: {ENGINE}


@app.get("/")
def read(url: str):
    lite = Lite(url)
    lite.create_client().connect()
    lite.client().connect()
    Forgetful(url).create_client().connect()
    Hasty(url).client()
    lite.close()
""",
    "queries for each of what was just stored, or for the text of an error": f"""
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


class Base(DeclarativeBase):
    @classmethod
    def all(cls, db: Session):
        return db.execute(select(cls)).scalars().all()

    @classmethod
    def newest(cls, db: Session):
        return db.execute(select(cls)).scalars().all()  # told: {UNBOUNDED}


class Harbour(Base):
    __tablename__ = "harbours"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Boat(Base):
    __tablename__ = "boats"

    id: Mapped[int] = mapped_column(primary_key=True)
    harbour_id: Mapped[int] = mapped_column(ForeignKey("harbours.id"))
    harbour: Mapped[Harbour] = relationship()

    @classmethod
    def all_afloat(cls, db: Session):
        return db.execute(select(cls)).scalars().all()  # told: {UNBOUNDED}


class MaskingPattern(Base):
    __tablename__ = "patterns"

    id: Mapped[int] = mapped_column(primary_key=True)


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/")
def read(db: Session = Depends(get_db)):
    return Boat.all(db), Boat.newest(db), Boat.all_afloat(db), db.execute(select(MaskingPattern)).scalars().all()


@app.post("/boats")
def add(names: list[str], db: Session = Depends(get_db)):
    boats = [Boat(harbour_id=1) for name in names]
    db.add_all(boats)
    db.commit()
    for boat in boats:
        db.refresh(boat)
    return boats


@app.get("/boats/fresh")
def fresh(db: Session = Depends(get_db)):
    boats = db.execute(select(Boat).where(Boat.harbour_id == 1)).scalars().all()
    for boat in boats:
        db.refresh(boat)  # told: {LOOP}
    return len(boats)


@app.delete("/harbours")
def remove(harbour_id: int, db: Session = Depends(get_db)):
    boats = db.execute(select(Boat).where(Boat.harbour_id == harbour_id)).scalars().all()
    if boats:
        names = []
        for boat in boats:
            names.append(boat.harbour.name)
        raise HTTPException(409, f"there are boats in {{names}}")


@app.get("/harbours")
def harbours(harbour_id: int, db: Session = Depends(get_db)):
    boats = db.execute(select(Boat).where(Boat.harbour_id == harbour_id)).scalars().all()  # told: {LOOP}
    names = []
    for boat in boats:
        names.append(boat.harbour.name)
    return names


@app.get("/known")
def known(ids: list[int], db: Session = Depends(get_db)):
    missing = [number for number in ids if number < 0]
    if missing:
        names = [db.get(Boat, number) for number in missing]
        raise HTTPException(404, f"{{names}}")
    return [db.get(Boat, number) for number in ids]  # told: {LOOP}
""",
    "rows of what a client sends, or has just written": f"""
from fastapi import FastAPI, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    id = mapped_column(primary_key=True)

    @classmethod
    def all(cls, db: Session):
        return db.scalars(select(cls)).all()

    @classmethod
    def all_jobs(cls, db: Session):
        return db.scalars(select(Job)).all()  # told: {UNBOUNDED}


class Job(Base):
    __tablename__ = "jobs"


def validate_jobs(numbers: list[int], db: Session):
    for place, number in enumerate(numbers):
        if db.get(Job, number) is None:
            raise HTTPException(404, f"number {{place}} is unknown")


def read_jobs(numbers: list[int], db: Session):
    found = []
    for number in numbers:
        found.append(db.get(Job, number))  # told: {LOOP}
    return found


def verify_all(db: Session):
    for job in db.scalars(select(Job).limit(1000)).all():
        if db.get(Job, job.id + 1) is None:  # told: {LOOP}
            raise HTTPException(404)


@app.post("/jobs")
def write(numbers: list[int], db: Session):
    validate_jobs(numbers, db)
    verify_all(db)
    jobs = [Job(id=number) for number in numbers]
    db.add_all(jobs)
    db.commit()
    for number in numbers:
        db.refresh(jobs[number])
    return read_jobs(numbers, db)


@app.get("/jobs")
def read(numbers: list[Job], db: Session):
    for job in numbers:
        db.refresh(job)  # told: {LOOP}
    return Job.all(db), Job.all_jobs(db)
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES, ("error", "warning"))

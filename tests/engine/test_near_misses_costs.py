"""What looks like a mistake to a reader in a hurry, beside what is one: calls that cost nothing, or few people or rows."""

import pytest
from marked import marks, told

BLOCKING = "performance/blocking-call-in-async-endpoint"
COMPUTING = "performance/cpu-bound-in-event-loop"
ENGINE = "database/engine-per-request"
UNBOUNDED = "database/unbounded-query"
EACH = "database/n-plus-one"
CAUSES = (BLOCKING, COMPUTING, ENGINE, UNBOUNDED, EACH)

SOURCES = {
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
    picture = Image.open(io.BytesIO(data))  # told: {COMPUTING}
    print(picture.size)
    small = smaller(picture)  # told: {COMPUTING}
    Image.open(io.BytesIO(data)).convert("RGB")  # told: {COMPUTING}
    return small
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
        found.append(db.get(Job, number))  # told: {EACH}
    return found


def verify_all(db: Session):
    for job in db.scalars(select(Job).limit(1000)).all():
        if db.get(Job, job.id + 1) is None:  # told: {EACH}
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
        db.refresh(job)  # told: {EACH}
    return Job.all(db), Job.all_jobs(db)
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES, ("error", "warning"))

"""What looks like a mistake to a reader in a hurry, beside what is one: what the source says is meant to be so."""

import pytest
from marked import marks, told

HEAD = """
import asyncio
import logging
import logging.config
from contextlib import asynccontextmanager

import joblib
from fastapi import Depends, FastAPI, HTTPException, UploadFile, WebSocket
from PIL import Image
from sqlalchemy import create_engine, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))


class Base(DeclarativeBase):
    pass


class Sight(Base):
    __tablename__ = "sights"

    id: Mapped[int] = mapped_column(primary_key=True)
    guide: Mapped[int]
    open: Mapped[bool]


class LoginProvider(Base):
    __tablename__ = "providers"

    id: Mapped[int] = mapped_column(primary_key=True)


def get_db():
    with SessionLocal() as db:
        yield db


"""
APP = """
app = FastAPI()


"""
BROAD = "dependency-injection/broad-except-hides-http-exception"
STARTING = "startup/startup-error-swallowed"
LOOP = "database/n-plus-one"
EVERYTHING = "database/unbounded-query"
LOG = "logging/access-log-lost"
HEAVY = "performance/heavy-initialisation-repeated"
GONE = "validation/pydantic-v1-code"
OUTLIVED = "background-tasks/request-session-used-in-task"
COMPUTES = "performance/cpu-bound-in-event-loop"
CAUSES = (BROAD, STARTING, LOOP, EVERYTHING, LOG, HEAVY, GONE, OUTLIVED, COMPUTES)

SOURCES = {
    "a start whose message says what it can do without": f"""
def migrate():
    raise OSError("no such folder")


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        migrate()
    except Exception as error:
        logging.warning("the files were not moved: %s. This is not a critical error.", error)
    try:
        migrate()
    except Exception as error:  # told: {STARTING}
        logging.error("the files were not moved: %s. This is a critical error.", error)
    # Two moves that may be repeated. They are non-critical: whoever runs this
    # can do them by hand as well.
    try:
        migrate()
    except Exception as error:
        logging.warning("the files were not moved: %s", error)
    yield


app = FastAPI(lifespan=lifespan)
""",
    "a loop of which a comment says that it takes one after the other": f"""{APP}
@app.get("/a")
def a(numbers: list[int], db: Session = Depends(get_db)):
    found = []
    # The session is not safe for several at once, so these are
    # read one at a time.
    for number in numbers:
        found.append(db.get(Sight, number))
    return found


@app.get("/b")
def b(numbers: list[int], db: Session = Depends(get_db)):
    # On purpose one after the other.
    found = []
    for number in numbers:
        found.append(db.get(Sight, number))
    return found


@app.get("/c")
def c(numbers: list[int], db: Session = Depends(get_db)):
    # This endpoint is not in the schema on purpose.
    found = []
    others = []
    for number in numbers:
        found.append(db.get(Sight, number))  # told: {LOOP}
    return found + others


@app.get("/d")
def d(numbers: list[int], db: Session = Depends(get_db)):
    # Sights that are closed are among these.
    return [db.get(Sight, number) for number in numbers]  # told: {LOOP}
""",
    "rows of which a constant allows a few": f"""{APP}
MAX_GUIDES = 20
MAX_SIGHTS = 5000
PAGE_SIZE = 20


def guides(db, limit):
    return db.scalars(select(Sight.guide).limit(limit)).all()


@app.get("/a")
def a(db: Session = Depends(get_db)):
    return [db.get(Sight, guide) for guide in guides(db, limit=MAX_GUIDES)]


@app.get("/b")
def b(db: Session = Depends(get_db)):
    return [db.get(Sight, guide) for guide in guides(db, limit=MAX_SIGHTS)]  # told: {LOOP}


@app.get("/c")
def c(db: Session = Depends(get_db)):
    return [db.get(Sight, guide) for guide in guides(db, limit=PAGE_SIZE)]  # told: {LOOP}
""",
    "rows that are handed to whoever would ask for them": f"""{APP}
def sight_of(number, db, found=None):
    sight = found.get(number) if found is not None else db.get(Sight, number)
    return sight


def through(number, db, found=None):
    return sight_of(number, db, found=found)


def named(number, db, sight=None):
    if sight is None:
        sight = db.get(Sight, number)
    return sight


@app.get("/a")
def a(numbers: list[int], db: Session = Depends(get_db)):
    found = {{sight.id: sight for sight in db.scalars(select(Sight).where(Sight.id.in_(numbers)))}}
    return [
        (through(number, db, found=found), sight_of(number, db, found=found), named(number, db, sight=found[number]))
        for number in numbers
    ]


@app.get("/b")
def b(numbers: list[int], db: Session = Depends(get_db)):
    return [
        (
            through(number, db),  # told: {LOOP}
            sight_of(number, db, found=None),  # told: {LOOP}
            named(number, db),  # told: {LOOP}
        )
        for number in numbers
    ]
""",
    "a condition on each way": f"""{APP}
@app.get("/a")
def a(guide: int | None, all_open: bool, db: Session = Depends(get_db)):
    query = select(Sight)
    if guide is not None:
        if all_open:
            query = query.where(or_(Sight.guide == guide, Sight.open))
        else:
            query = query.where(Sight.guide == guide)
    elif all_open:
        query = query.where(Sight.open)
    else:
        return []
    return db.scalars(query).all()


@app.get("/b")
def b(guide: int | None, all_open: bool, db: Session = Depends(get_db)):
    query = select(Sight)
    if guide is not None:
        query = query.where(Sight.guide == guide)
    elif all_open:
        query = query.where(Sight.open)
    return db.scalars(query).all()  # told: {EVERYTHING}


@app.get("/c")
def c(guide: int | None, db: Session = Depends(get_db)):
    query = select(Sight)
    if guide is None:
        logging.info("no guide")
    else:
        query = query.where(Sight.guide == guide)
    return db.scalars(query).all()  # told: {EVERYTHING}
""",
    "a table that is read to have it at hand, or that is as short as a menu": f"""{APP}
def load_cache(db):
    return {{sight.id: sight.open for sight in db.scalars(select(Sight)).all()}}


def load_sights(db):
    return {{sight.id: sight.open for sight in db.scalars(select(Sight)).all()}}  # told: {EVERYTHING}


@app.get("/a")
def a(db: Session = Depends(get_db)):
    return load_cache(db), load_sights(db), db.scalars(select(LoginProvider)).all()
""",
    "a set-up for command lines": f"""{APP}
from helper import set_up_scripts, set_up_server, set_up_both

set_up_server()
set_up_both()
### helper.py
# For uvicorn and the scripts.
import logging.config


def set_up_scripts():
    logging.config.dictConfig({{"version": 1, "disable_existing_loggers": True}})


def set_up_server():
    logging.config.dictConfig({{"version": 1, "disable_existing_loggers": True}})  # told: {LOG}


def set_up_both():
    logging.config.dictConfig({{"version": 1, "disable_existing_loggers": True}})  # told: {LOG}
### script.py
import typer

from helper import set_up_both, set_up_scripts

cli = typer.Typer()
set_up_scripts()
set_up_both()
""",
    "a text that a comment says is for whoever reads it": f"""{APP}
@app.post("/boats/{{number}}/paint")
def paint(number: int):
    try:
        return SessionLocal().get(Sight, number)
    except Exception as error:
        # Raised here so that the frontend can display what the yard has said.
        raise HTTPException(500, f"not painted: {{error}}")


@app.post("/boats/{{number}}/sink")
def sink(number: int):
    try:
        return SessionLocal().get(Sight, number)
    except Exception as error:
        # The frontend cannot do anything about it.
        raise HTTPException(500, f"not sunk: {{error}}")  # told: {BROAD}
""",
    "a text that whoever calls the function keeps to itself": f"""{APP}
def make(number):
    try:
        return SessionLocal().get(Sight, number)
    except Exception as error:
        raise HTTPException(500, f"not made: {{error}}")


def build(number):
    try:
        return SessionLocal().get(Sight, number)
    except Exception as error:
        raise HTTPException(500, f"not built: {{error}}")  # told: {BROAD}


def put(number):
    try:
        return SessionLocal().get(Sight, number)
    except Exception as error:
        raise HTTPException(500, f"not put: {{error}}")  # told: {BROAD}


@app.get("/a/{{number}}")
def a(number: int):
    try:
        return make(number)
    except Exception:
        raise HTTPException(500, "something went wrong")


@app.get("/b/{{number}}")
def b(number: int):
    try:
        return build(number)
    except Exception:
        raise HTTPException(500, "something went wrong")


@app.get("/c/{{number}}")
def c(number: int):
    return build(number)


@app.get("/d/{{number}}")
def d(number: int):
    try:
        return put(number)
    except HTTPException as error:
        raise HTTPException(500, error.detail)
""",
    "an import that may fail": f"""
try:
    from pydantic.v1 import BaseSettings
except ImportError:
    from pydantic import BaseSettings
### older.py
try:
    from pydantic import BaseSettings
except ImportError:
    from pydantic_settings import BaseSettings
### plain.py
try:
    from pydantic import BaseSettings  # told: {GONE}
except ValueError:
    BaseSettings = object
""",
    "a task that ends with its function": f"""{APP}
@app.websocket("/a")
async def a(websocket: WebSocket, db: AsyncSession = Depends(get_db)):
    task = asyncio.create_task(watch(db))
    try:
        await websocket.receive_text()
    finally:
        task.cancel()


@app.websocket("/b")
async def b(websocket: WebSocket, db: AsyncSession = Depends(get_db)):
    task = asyncio.create_task(watch(db))  # told: {OUTLIVED}
    task.add_done_callback(print)
    await websocket.receive_text()
""",
    "an image that is closed": f"""{APP}
@app.post("/a")
async def a(file: UploadFile):
    image = Image.open(file.file)
    image.thumbnail((10, 10))  # told: {COMPUTES}
    image.close()
""",
    "an endpoint that is there to load another model": f"""{APP}
def load(path):
    return joblib.load(path)


def read(path):
    return joblib.load(path)  # told: {HEAVY}


@app.post("/models/{{name}}/activate")
def activate_model(name: str):
    app.state.current = [load(f"models/{{name}}")]


@app.post("/models/{{name}}/predict")
def predict(name: str):
    return read(f"models/{{name}}").predict([[1]])
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, ("error", "warning"))

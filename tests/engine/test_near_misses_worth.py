"""What is right, but worth a change to few, and so no more than a note; beside it what most would change."""

import pytest
from marked import marks, told

BLOCKING = "performance/blocking-call-in-async-endpoint"
COMPUTING = "performance/cpu-bound-in-event-loop"
HEAVY = "performance/heavy-initialisation-repeated"
ENGINE = "database/engine-per-request"
UNBOUNDED = "database/unbounded-query"
LOOP = "database/n-plus-one"
INJECTED = "database/sql-injection"
KEPT = "websocket/dead-connections-kept"
CAUSES = (BLOCKING, COMPUTING, HEAVY, ENGINE, UNBOUNDED, LOOP, INJECTED, KEPT)

HEAD = """
import asyncio
import hashlib
import pickle
import subprocess
import threading
from abc import ABC, abstractmethod

import bcrypt
import cv2
import psycopg2
import requests
from fastapi import Depends, FastAPI, HTTPException, UploadFile, WebSocket
from PIL import Image
from psycopg2 import pool
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


class Base(DeclarativeBase):
    pass


def get_db():
    with SessionLocal() as db:
        yield db
"""
SOURCES = {
    "pictures that are small": f"""
MOST = 1024 * 1024
MUCH = 50 * MOST


@app.post("/thumbnails")
async def thumbnails(data: UploadFile):
    picture = Image.open(data.file)
    if hasattr(picture, "text"):
        print(picture.format)
    picture.thumbnail((80, 80))  # told: {COMPUTING}
    picture.save("small.png")


@app.post("/logos")
async def logos(data: UploadFile):
    if data.size > MOST:
        raise HTTPException(413)
    return Image.open(data.file).convert("RGB").size


@app.post("/photos")
async def photos(data: UploadFile):
    if data.size > MUCH:
        raise HTTPException(413)
    if data.size > MOST:
        print("large")
    return Image.open(data.file).convert("RGB").size  # told: {COMPUTING}
""",
    "a thread that has been told to end": f"""
class Beat:
    def __init__(self):
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.ending.wait)

    def stop(self):
        self.ending.set()
        self.thread.join(timeout=1)

    def stop_slowly(self):
        self.ending.set()
        self.thread.join()

    def watch(self):
        self.thread.join(timeout=1)


@app.get("/")
async def read():
    Beat().stop()
    Beat().stop_slowly()  # told: {BLOCKING}
    Beat().watch()  # told: {BLOCKING}
""",
    "a folder that the desktop shows": f"""
@app.post("/")
async def show(folder: str):
    subprocess.run(["xdg-open", folder])
    subprocess.run(["tar", "-cf", "a.tar", folder])  # told: {BLOCKING}
""",
    "a connection where there is no pool": f"""
CONNECTIONS = pool.SimpleConnectionPool(1, 5, "") if app.debug else None


def connection():
    if CONNECTIONS is None:
        return psycopg2.connect("")
    return CONNECTIONS.getconn()


def own():
    return psycopg2.connect("")  # told: {ENGINE}


@app.get("/")
def read():
    return connection().closed, own().closed
""",
    "data that is read anew, and what was learnt": f"""
def seen():
    with open("seen.cache", "rb") as file:
        return pickle.load(file)


@app.get("/")
def read():
    with open("model.pkl", "rb") as file:
        model = pickle.load(file)  # told: {HEAVY}
    return model.predict(seen())
""",
    "an upload that is there, and one that is still coming": f"""
@app.post("/")
async def write(data: UploadFile):
    with open("a", "wb") as file:
        file.write(await data.read())
    with open("b", "wb") as file:  # told: {BLOCKING}
        while part := data.file.read(1024):
            file.write(part)
    with open("c", "wb") as file:
        while part := await data.read(1024):
            file.write(part)
""",
    "what runs only if two choices meet": f"""
class Step(ABC):
    @abstractmethod
    def run(self): ...


class Store(ABC):
    @abstractmethod
    def write(self): ...


class Near(Store):
    def write(self):
        return 1


class Far(Store):
    def write(self):
        return requests.get("https://example.org")


class Counted(Step):
    def run(self):
        return 1


class Stored(Step):
    def __init__(self, store: Store):
        self.store = store

    def run(self):
        return self.store.write()


class Alone(ABC):
    @abstractmethod
    def write(self): ...


class Only(Alone):
    def write(self):
        return requests.get("https://example.org")


@app.get("/")
async def read(step: Step = Depends(), store: Store = Depends(), alone: Alone = Depends()):
    alone.write()  # told: {BLOCKING}
    store.write()  # told: {BLOCKING}
    return step.run()
""",
    "sockets whose failures are results": f"""
sockets: list[WebSocket] = []


async def broadcast(message: str):
    sends = [socket.send_text(message) for socket in sockets]
    results = await asyncio.gather(*sends, return_exceptions=True)
    return [item for item in results if item]


async def shout(message: str):
    sends = [socket.send_text(message) for socket in sockets]  # told: {KEPT}
    await asyncio.gather(*sends)


@app.websocket("/")
async def listen(websocket: WebSocket):
    await websocket.accept()
    sockets.append(websocket)
    await broadcast(await websocket.receive_text())
    await shout(await websocket.receive_text())
""",
    "names of tables, and values": f"""
def newest(db: Session, kind, table_name: str):
    return db.execute(text(f"SELECT max(id) FROM {{table_name}}")).scalar()


def named(db: Session, kind, name: str):
    return db.execute(text(f"SELECT id FROM boats WHERE name = '{{name}}'")).scalar()  # told: {INJECTED}


@app.get("/")
def read(db: Session = Depends(get_db)):
    return newest(db, 1, settings().table), named(db, 1, settings().name)
""",
    "what somebody has set up, and what people bring": f"""
class Owner(Base):
    __tablename__ = "owners"

    id: Mapped[int] = mapped_column(primary_key=True)


class Boat(Base):
    __tablename__ = "boats"

    id: Mapped[int] = mapped_column(primary_key=True)


class Provider(Base):
    __tablename__ = "providers"

    id: Mapped[int] = mapped_column(primary_key=True)


class Trip(Base):
    __tablename__ = "trips"

    id: Mapped[int] = mapped_column(primary_key=True)


class Tide(Base):
    __tablename__ = "tides"

    id: Mapped[int] = mapped_column(primary_key=True)


class Site(Base):
    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)


def seed_trips(db: Session):
    db.add(Trip(id=1))


@app.post("/")
def add(db: Session = Depends(get_db)):
    db.add_all([Owner(id=1), Boat(id=1), Provider(id=1), Site(id=1)])


@app.get("/owners")
def owners(db: Session = Depends(get_db)):
    return db.scalars(select(Owner)).all()  # told: {UNBOUNDED}


@app.get("/sites")
def sites(db: Session = Depends(get_db)):
    return db.scalars(select(Site)).all()


@app.get("/trips")
def trips(db: Session = Depends(get_db)):
    return db.scalars(select(Trip)).all()


@app.get("/tides")
def tides(db: Session = Depends(get_db)):
    return db.scalars(select(Tide)).all()


@app.get("/providers")
def providers(db: Session = Depends(get_db)):
    providers = db.scalars(select(Provider).limit(50)).all()
    provider_ids = [provider.id for provider in providers]
    return [db.get(Owner, number) for number in provider_ids]


@app.get("/boats")
def boats(db: Session = Depends(get_db)):
    boats = db.scalars(select(Boat).limit(50)).all()
    return [db.get(Owner, boat.id) for boat in boats]  # told: {LOOP}


@app.get("/internal/boats")
def internal(db: Session = Depends(get_db)):
    boats = db.scalars(select(Boat).limit(50)).all()
    return [db.get(Owner, boat.id) for boat in boats]
""",
    "a key that is derived once, and one that is derived again": f"""
KEY = None
TOKEN, ENDS = None, 0.0


def key():
    global KEY
    if KEY is not None:
        return KEY
    KEY = hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 200_000)
    return KEY


def token(now: float):
    global TOKEN, ENDS
    if TOKEN and now < ENDS:
        return TOKEN
    TOKEN, ENDS = requests.get("https://example.org").text, now + 60
    return TOKEN


def derived(salt: bytes):
    return hashlib.pbkdf2_hmac("sha256", b"secret", salt, 200_000)


@app.get("/")
async def read(salt: str):
    return key(), token(1.0), derived(salt.encode())  # told: {BLOCKING}, {COMPUTING}
""",
    "passwords of oneself, and of others": f"""
@app.post("/users")
async def register(password: str):
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt())  # told: {COMPUTING}


@app.post("/admin/users")
async def invite(password: str):
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()), await changed(password)


async def changed(password: str):
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt())  # told: {COMPUTING}


@app.post("/me")
async def change(password: str):
    return await changed(password)
""",
    "a sample beside the application": f"""
@app.post("/")
async def write(data: bytes):
    return cv2.imdecode(data, 1).shape  # told: {COMPUTING}


### more_examples/receiver.py
import cv2
from fastapi import FastAPI

app = FastAPI()


@app.post("/")
async def receive(data: bytes):
    return cv2.imdecode(data, 1).shape
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_worth_a_change(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, ("error", "warning"))

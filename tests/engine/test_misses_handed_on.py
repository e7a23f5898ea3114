"""What is easily passed over because another function has a part of it: statements, rows, documents, sockets."""

import pytest
from marked import marks, told

UNBOUNDED = "database/unbounded-query"
EACH = "database/n-plus-one"
MISMATCH = "validation/response-model-mismatch"
BROADCAST = "websocket/broadcast-mutates-during-iteration"
HELD = "websocket/session-held-for-socket-lifetime"
BLOCKING = "performance/blocking-call-in-async-endpoint"
LOOPS = "database/event-loop-mismatch"
CAUSES = (LOOPS, UNBOUNDED, EACH, MISMATCH, BROADCAST, HELD, BLOCKING)

MODELS = """
### models.py
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Letter(Base):
    __tablename__ = "letters"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
### database.py
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

SessionLocal = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    async with SessionLocal() as session:
        yield session
"""

SOURCES = {
    "a statement that a helper runs": f"""
from fastapi import Depends, FastAPI
from sqlalchemy import select

from database import get_db
from helpers import fetch_all, fetch_first, fetch_page
from models import Letter, User
from repository import LetterRepository

app = FastAPI()


@app.get("/users")
async def users(db=Depends(get_db)):
    statement = select(User).order_by(User.id)
    return await fetch_all(db, statement)  # told: {UNBOUNDED}


@app.get("/letters")
async def letters(db=Depends(get_db)):
    return await LetterRepository(db).every()


@app.get("/few")
async def few(db=Depends(get_db)):
    return await fetch_all(db, select(User).limit(10))


@app.get("/first")
async def first(db=Depends(get_db)):
    return await fetch_first(db, select(User))


@app.get("/page")
async def page(db=Depends(get_db)):
    return await fetch_page(db, select(User))


@app.get("/named")
async def named(ids: list[int], db=Depends(get_db)):
    return await fetch_all(db, select(Letter).where(Letter.id.in_(ids)))
### helpers.py
from sqlalchemy.ext.asyncio import AsyncSession


async def fetch_all(db: AsyncSession, statement):
    result = await db.execute(statement)
    return result.scalars().all()


async def fetch_first(db: AsyncSession, statement):
    result = await db.execute(statement)
    return result.scalars().first()


async def fetch_page(db: AsyncSession, statement):
    statement = statement.limit(20)
    result = await db.execute(statement)
    return result.scalars().all()
### repository.py
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpers import fetch_all
from models import Letter


class LetterRepository:
    def __init__(self, db: AsyncSession):
        self.db = db

    async def every(self):
        statement = select(Letter).order_by(Letter.id)
        return await fetch_all(self.db, statement)  # told: {UNBOUNDED}
{MODELS}""",
    "a result with an annotation, and keys that the database finds": f"""
from fastapi import Depends, FastAPI
from sqlalchemy import Result, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from database import get_db
from models import Letter, User

app = FastAPI()


@app.get("/users")
async def users(db: AsyncSession = Depends(get_db)):
    result: Result = await db.execute(select(User).order_by(User.id))  # told: {UNBOUNDED}
    return list(result.scalars().all())


@app.get("/quiet")
async def quiet(db: AsyncSession = Depends(get_db)):
    writers = select(Letter.user_id).where(Letter.id > 5).scalar_subquery()
    result = await db.execute(select(User).where(~User.id.in_(writers)))  # told: {UNBOUNDED}
    return result.scalars().all()


@app.post("/others")
async def others(ids: list[int], db: AsyncSession = Depends(get_db)):
    result = await db.execute(select(User).where(not_(User.id.in_(ids))))  # told: {UNBOUNDED}
    return result.scalars().all()


@app.post("/these")
async def these(ids: list[int], db: AsyncSession = Depends(get_db)):
    result = await db.execute(select(User).where(User.id.in_(ids)))
    return result.scalars().all()


@app.get("/last")
async def last(db: AsyncSession = Depends(get_db)):
    ids = (await db.scalars(select(Letter.user_id).limit(10))).all()
    result = await db.execute(select(User).where(User.id.in_(ids)))
    return result.scalars().all()
{MODELS}""",
    "a document for each element": f"""
from beanie import Document
from fastapi import FastAPI
from tortoise import models

app = FastAPI()


class Product(models.Model):
    name: str


class Page(Document):
    name: str


class Order(models.Model):
    product_id: int


@app.get("/orders")
async def orders():
    found = []
    for order in await Order.all().limit(50):
        product = await Product.get(id=order.product_id)  # told: {EACH}
        found.append(product.name)
    return found


@app.get("/filtered")
async def filtered():
    rows = await Order.all().limit(50)
    return [await Product.filter(id=row.product_id).first() for row in rows]  # told: {EACH}


@app.get("/pages")
async def pages():
    rows = await Page.find_all().limit(50).to_list()
    return [await Page.get(row.id) for row in rows]  # told: {EACH}


@app.get("/together")
async def together():
    rows = await Order.all().limit(50)
    return await Product.filter(id__in=[row.product_id for row in rows])
""",
    "None for what is not there": f"""
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

import crud
from database import get_db
from models import User
from services import UserService

app = FastAPI()


class UserOut(BaseModel):
    id: int
    name: str

    class Config:
        from_attributes = True


async def known_user(user_id: int, db: AsyncSession = Depends(get_db)):
    if await db.get(User, user_id) is None:
        raise HTTPException(404)


@app.get("/users/{{user_id}}", response_model=UserOut)
async def user(user_id: int, db: AsyncSession = Depends(get_db)):
    return await crud.get_user(db, user_id)  # told: {MISMATCH}


@app.get("/services/{{user_id}}", response_model=UserOut)
async def by_service(user_id: int, db: AsyncSession = Depends(get_db)):
    service = UserService(db)
    return await service.get_user(user_id)  # told: {MISMATCH}


@app.get("/kept/{{user_id}}", response_model=UserOut)
async def kept(user_id: int, db: AsyncSession = Depends(get_db)):
    found = await db.get(User, user_id)
    return found  # told: {MISMATCH}


@app.get("/maybe/{{user_id}}", response_model=UserOut | None)
async def maybe(user_id: int, db: AsyncSession = Depends(get_db)):
    return await crud.get_user(db, user_id)


@app.get("/checked/{{user_id}}", response_model=UserOut)
async def checked(user_id: int, db: AsyncSession = Depends(get_db)):
    found = await crud.get_user(db, user_id)
    if found is None:
        raise HTTPException(404)
    return found


@app.get("/refused/{{user_id}}", response_model=UserOut)
async def refused(user_id: int, db: AsyncSession = Depends(get_db)):
    return await crud.get_user_or_404(db, user_id)


@app.get("/before/{{user_id}}", response_model=UserOut, dependencies=[Depends(known_user)])
async def before(user_id: int, db: AsyncSession = Depends(get_db)):
    return await crud.get_user(db, user_id)


@app.put("/written/{{user_id}}", response_model=UserOut)
async def written(user_id: int, db: AsyncSession = Depends(get_db)):
    changed = await crud.rename(db, user_id)
    return await crud.get_user(db, user_id)


@app.get("/me", response_model=UserOut)
async def me(user_id: int = 1, db: AsyncSession = Depends(get_db)):
    return await crud.get_user(db, user_id)


@app.get("/counted/{{user_id}}", response_model=UserOut)
async def counted(user_id: int, db: AsyncSession = Depends(get_db)):
    return await crud.count(db, user_id)


@app.get("/made/{{user_id}}", response_model=UserOut)
async def made(user_id: int, db: AsyncSession = Depends(get_db)):
    return await crud.get_or_create(db, user_id)
### crud.py
from fastapi import HTTPException
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import User


async def get_user(db: AsyncSession, user_id: int) -> User | None:
    result = await db.execute(select(User).where(User.id == user_id))
    return result.scalars().first()


async def get_user_or_404(db: AsyncSession, user_id: int) -> User:
    found = await get_user(db, user_id)
    if found is None:
        raise HTTPException(404)
    return found


async def get_or_create(db: AsyncSession, user_id: int) -> User:
    return await get_user(db, user_id) or User(id=user_id)


async def rename(db: AsyncSession, user_id: int):
    await get_user_or_404(db, user_id)


async def count(db: AsyncSession, user_id: int):
    result = await db.execute(select(func.count()).where(User.id == user_id))
    return result.scalars().first()
### services.py
from sqlalchemy.ext.asyncio import AsyncSession

import crud


class UserService:
    def __init__(self, db: AsyncSession):
        self.db = db

    async def get_user(self, user_id: int):
        return await crud.get_user(self.db, user_id)
{MODELS}""",
    "sockets of one room, and a session that is not used": f"""
from fastapi import Depends, FastAPI, WebSocket
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from database import get_db

app = FastAPI()


class Rooms:
    def __init__(self):
        self.sockets: dict[str, list[WebSocket]] = {{}}

    def join(self, room: str, websocket: WebSocket):
        self.sockets.setdefault(room, []).append(websocket)
        self.sockets[room].append(websocket)

    async def broadcast(self, room: str, text: str):
        for socket in self.sockets.get(room, []):  # told: {BROADCAST}
            await socket.send_text(text)

    async def copied(self, room: str, text: str):
        for socket in list(self.sockets.get(room, [])):
            await socket.send_text(text)


rooms = Rooms()


@app.websocket("/unused/{{room}}")
async def unused(websocket: WebSocket, room: str, db: AsyncSession = Depends(get_db)):
    await websocket.accept()
    rooms.join(room, websocket)
    while True:
        await rooms.broadcast(room, await websocket.receive_text())


@app.websocket("/used")
async def used(websocket: WebSocket, db: AsyncSession = Depends(get_db)):  # told: {HELD}
    await websocket.accept()
    while True:
        await db.execute(text(await websocket.receive_text()))
{MODELS}""",
    "documents that are loaded and stored on the event loop": f"""
from fastapi import FastAPI
from langchain_chroma import Chroma
from langchain_community.document_loaders import PyPDFLoader
from langchain_openai import OpenAIEmbeddings

app = FastAPI()
store = Chroma(embedding_function=OpenAIEmbeddings())


@app.post("/files")
async def files(path: str):
    documents = PyPDFLoader(path).load()  # told: {BLOCKING}
    store.add_documents(documents)  # told: {BLOCKING}


@app.get("/answers")
async def answers(question: str):
    return [item.page_content for item in store.similarity_search(question, k=4)]  # told: {BLOCKING}


@app.post("/waiting")
async def waiting(path: str):
    documents = await PyPDFLoader(path).aload()
    await store.aadd_documents(documents)
    return await store.asimilarity_search(path)


@app.post("/thread")
def thread(path: str):
    store.add_documents(PyPDFLoader(path).load())
""",
    "a loop for each job": f"""
import asyncio

from celery import Celery, shared_task
from fastapi import FastAPI

from jobs import every_user, first_user, in_file, renewed, spared

app = FastAPI()
worker = Celery("main")


@worker.task
def inside(name):
    from pooled import SessionLocal as sessions

    async def work():
        async with sessions() as session:
            return await session.get(dict, name)

    return asyncio.run(work())  # told: {LOOPS}


@shared_task(bind=True)
def through_a_dependency(self):
    return asyncio.run(every_user())  # told: {LOOPS}


@worker.task
def by_helper():
    return alone(first_user())  # told: {LOOPS}


@app.get("/users")
def in_thread():
    return asyncio.run(first_user())  # told: {LOOPS}


@worker.task
def ended():
    return asyncio.run(renewed())


@worker.task
def by_file():
    return asyncio.run(in_file())


@worker.task
def unpooled():
    return asyncio.run(spared())


@worker.task
def kept_loop():
    return same(first_user())


@app.get("/others")
async def awaited():
    return await first_user()


def script():
    asyncio.run(first_user())


def alone(work):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


def same(work):
    global loop
    if loop is None:
        loop = asyncio.new_event_loop()
    return loop.run_until_complete(work)


loop = None
### pooled.py
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import NullPool

from settings import url

engine = create_async_engine(url, pool_size=5)
SessionLocal = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
FileSession = async_sessionmaker(create_async_engine("sqlite+aiosqlite:///app.db"))
file_engine = create_async_engine("sqlite+aiosqlite:///app.db")
InFile = async_sessionmaker(file_engine)
spare_engine = create_async_engine(url, poolclass=NullPool)
SpareSession = async_sessionmaker(bind=spare_engine)


async def get_db():
    async with SessionLocal() as session:
        yield session


async def close_db():
    await engine.dispose()
### jobs.py
from models import User
from pooled import InFile, SessionLocal, SpareSession, close_db, get_db


async def every_user():
    async for session in get_db():
        return await session.get(User, 1)


async def first_user():
    async with SessionLocal() as session:
        return await session.get(User, 1)


async def renewed():
    try:
        return await first_user()
    finally:
        await close_db()


async def in_file():
    async with InFile() as session:
        return await session.get(User, 1)


async def spared():
    async with SpareSession() as session:
        return await session.get(User, 1)
{MODELS}""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_another_function_has_a_part_of_is_told(name, tmp_path, catalog):
    source = SOURCES[name]
    assert told(source, tmp_path, catalog, CAUSES) == marks(source)

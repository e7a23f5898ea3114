"""What is easily passed over because nobody followed it: imports, loops that collect, documents, old configurations."""

import pytest
from marked import marks, told

BLOCKING = "performance/blocking-call-in-async-endpoint"
UNBOUNDED = "database/unbounded-query"
MISMATCH = "validation/response-model-mismatch"
TABLE = "database/sqlmodel-table-not-validated"
ROUTER = "routing/router-not-included"
HELD = "database/session-held-too-long"
OLD = "validation/pydantic-v1-code"
CAUSES = (HELD, OLD, BLOCKING, UNBOUNDED, MISMATCH, TABLE, ROUTER)

SOURCES = {
    "modules beside, in a folder that is a package": f"""
### shop/__init__.py
### shop/main.py
from fastapi import FastAPI

from mails import send
from celery import Celery
from payments import pay
from routers import orders

app = FastAPI()
app.include_router(orders.router)
worker = Celery()


@app.post("/")
async def buy():
    send()  # told: {BLOCKING}
    pay()
    worker.send_task("a")  # told: {BLOCKING}
### shop/mails.py
import requests


def send():
    requests.post("https://mail.example")
### shop/payments.py
import requests


def pay_later():
    requests.post("https://pay.example")
### shop/celery.py
from celery import Celery


def send_task(name):
    return Celery().send_task(name)
### shop/routers/__init__.py
### shop/routers/orders.py
import requests
from fastapi import APIRouter

router = APIRouter()


@router.get("/orders")
async def orders():
    requests.get("https://a.example")  # told: {BLOCKING}
""",
    "rows that a loop collects": f"""
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from models import Item

app = FastAPI()
make = sessionmaker(create_engine("sqlite://"))


def get_db():
    with make() as db:
        yield db


@app.get("/all")
def every(db: Session = Depends(get_db)):
    found = []
    rows = db.scalars(select(Item)).all()  # told: {UNBOUNDED}
    for row in rows:
        found.append({{"name": row.name}})
    return {{"items": found}}


@app.get("/pages")
def pages(db: Session = Depends(get_db)):
    found = []
    for row in db.scalars(select(Item).limit(20)).all():
        found.append(row.name)
    return found


@app.post("/sent")
def sent(db: Session = Depends(get_db)):
    names = []
    for row in db.scalars(select(Item)).all():
        names.append(row.name)
        row.sent = True
    db.commit()
    return {{"sent": True}}
### models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    sent: Mapped[bool]
""",
    "documents that an asynchronous loop reads": f"""
from fastapi import FastAPI
from pymongo import AsyncMongoClient

app = FastAPI()
db = AsyncMongoClient()["shop"]


@app.get("/users")
async def users():
    found = []
    async for user in db.users.find():  # told: {UNBOUNDED}
        found.append(user)
    return found


@app.get("/orders")
async def orders(shop: str):
    cursor = await db.orders.aggregate([{{"$match": {{"shop": shop}}}}])  # told: {UNBOUNDED}
    return [order async for order in cursor]


@app.get("/some")
async def some():
    found = []
    async for user in db.users.find().limit(20):
        found.append(user)
    async for user in db.users.find():
        if user["age"] > 90:
            found.append(user)
            break
    return found


@app.get("/sums")
async def sums(names: list[str]):
    cursor = await db.orders.aggregate([{{"$group": {{"_id": "$shop"}}}}])
    found = await cursor.to_list(None)
    first = await db.orders.aggregate([{{"$match": {{"shop": "a"}}}}])
    named = await db.users.find({{"name": {{"$in": names}}}}).to_list(None)
    return found, await first.to_list(length=1), named
""",
    "models with a class of settings": f"""
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str

    class Config:
        from_attributes = True


class Named(BaseModel):
    name: str

    class Config:
        alias_generator = str.upper


@app.get("/many", response_model=list[Item])
def many():
    return {{"items": []}}  # told: {MISMATCH}


@app.get("/other", response_model=Item)
def other():
    return {{"id": 1}}  # told: {MISMATCH}


@app.get("/named", response_model=Named)
def named():
    return {{"NAME": "a"}}
""",
    "tables that come from the body": f"""
from fastapi import Body, Depends, FastAPI
from sqlmodel import Field, SQLModel

app = FastAPI()


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


def current():
    return Hero()


@app.put("/heroes")
def change(hero: Hero = Body(...)):  # told: {TABLE}
    return hero


@app.get("/heroes")
def read(hero: Hero = Depends(current)):
    return hero
""",
    "routers whose name another module has": f"""
from fastapi import FastAPI

from models import post
from routers import tag
from schemas.post import Post

app = FastAPI()
app.include_router(tag.router)
### models/__init__.py
### models/post.py
TABLE = "posts"
### schemas/__init__.py
### schemas/post.py
class Post:
    pass
### routers/__init__.py
### routers/post.py
from fastapi import APIRouter

posts_of_all = APIRouter()  # told: {ROUTER}


@posts_of_all.get("/posts")
def posts():
    return []
### routers/tag.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/tags")
def tags():
    return []
### routers/draft.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/drafts")
def drafts():
    return []
### tool.py
import importlib

import fastapi

from routers import draft

importlib.reload(draft)
""",
    "a session that a helper has asked": f"""
import httpx
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
make = sessionmaker(create_engine("sqlite://"))


def get_db():
    with make() as db:
        yield db


def webhook(db: Session):
    return db.scalars(select(1)).first()


def label(db: Session, name: str):
    return name.upper()


async def tell(url):
    async with httpx.AsyncClient() as client:
        await client.post(url)


@app.post("/asked")
def asked(db: Session = Depends(get_db)):
    url = webhook(db)
    httpx.Client().post(url)  # told: {HELD}


@app.post("/ended")
def ended(db: Session = Depends(get_db)):
    url = webhook(db)
    db.commit()
    httpx.Client().post(url)


@app.post("/unasked")
def unasked(db: Session = Depends(get_db)):
    httpx.Client().post(label(db, "a"))


@app.post("/refreshed")
def refreshed(db: Session = Depends(get_db)):
    db.commit()
    db.refresh(app)
    httpx.Client().post("a")  # told: {HELD}
""",
    "libraries that ask others": f"""
import chromadb
from fastapi import FastAPI
from langchain_openai import OpenAIEmbeddings

app = FastAPI()
embeddings = OpenAIEmbeddings()
client = chromadb.HttpClient()


@app.get("/")
async def read(text: str):
    client.delete_collection("a")  # told: {BLOCKING}
    embeddings.embed_query(text)  # told: {BLOCKING}
    return await embeddings.aembed_query(text)
""",
    "methods that models had once": f"""
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


class Kept(BaseModel):
    name: str

    def dict(self):
        return {{"kept": self.name}}


@app.post("/items")
def create(item: Item, kept: Kept, other: dict):
    item.dict()  # told: {OLD}
    Item.parse_obj(other)  # told: {OLD}
    other.copy()
    kept.dict()
    return item.model_dump()
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES)

"""What looks like a mistake to a reader in a hurry, beside what is one: what a watched call has given, and its parts."""

import pytest
from marked import marks, told

HEAD = """
import sqlite3

import psycopg
import pymongo
import redis
import requests
import supabase
from fastapi import Depends, FastAPI
from google.cloud import storage
from sqlalchemy import create_engine, func
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
notes = pymongo.MongoClient()["a"]["notes"]
client = redis.Redis()


class Order: ...


def get_db():
    with SessionLocal() as db:
        yield db


"""
SYNC = "database/sync-session-in-async-endpoint"
BLOCKING = "performance/blocking-call-in-async-endpoint"
LOOP = "database/n-plus-one"
EVERY = "database/unbounded-query"
OPEN = "database/session-not-closed"
CAUSES = (SYNC, BLOCKING, LOOP, EVERY, OPEN)

SOURCES = {
    "a dictionary in a row": f"""
@app.get("/a")
async def a(number: int, db: Session = Depends(get_db)):
    order = db.query(Order).filter_by(id=number).first()  # told: {SYNC}
    order.data.update({{"seen": True}})
    return order.data.get("a"), order.parts[0].get("b"), order.name.count("c")


@app.get("/b")
def b(numbers: list[int], db: Session = Depends(get_db)):
    order = db.query(Order).first()
    found = [order.parts[number].get("b") for number in numbers]
    return found, [db.query(Order).get(number) for number in numbers]  # told: {LOOP}
""",
    "what a cursor has fetched": f"""
@app.get("/a")
async def a():
    cursor = sqlite3.connect("a").cursor()  # told: {SYNC}
    row = cursor.fetchone()  # told: {SYNC}
    name, _ = row
    cursor.close()
    return row[0].startswith("a"), row["b"].title(), name.strip().upper(), row[1].get("c")


@app.get("/b")
async def b():
    connection = psycopg.connect("a")  # told: {SYNC}
    cursor = connection.cursor()
    cursor.execute("select 1")  # told: {SYNC}
    return cursor.fetchone()[0].isoformat()  # told: {SYNC}
""",
    "a document, and a value of a cache": f"""
@app.get("/a")
async def a():
    note = notes.find_one({{}})  # told: {SYNC}
    return note["words"].distinct(), notes.distinct("words")  # told: {SYNC}


@app.get("/b")
async def b():
    value = client.get("b")
    client.blpop("queue")  # told: {SYNC}
    steps = client.pipeline()
    steps.incr("a")
    steps.hset("b", "c", "d")
    steps.execute()
    return value.decode().split(","), value.hex().endswith("a")
""",
    "a text of a response, and what only names something": f"""
@app.get("/a")
async def a():
    found = requests.Session().get("https://example.com")  # told: {BLOCKING}
    taken = found.json().get("a").replace("b", "c").translate({{}})
    several = [name for name, _ in found.json().items()]
    return found.text.startswith("a"), found.headers.get("b").split(";"), several, taken


@app.get("/c")
async def c():
    member = supabase.create_client("a", "b").auth.get_user("c").user  # told: {BLOCKING}
    return member.user_metadata.get("name")


@app.get("/b")
async def b():
    bucket = storage.Client().get_bucket("a")  # told: {BLOCKING}
    bucket.blob("b").upload_from_string("c")  # told: {BLOCKING}
""",
    "groups that are counted": f"""
@app.get("/a")
def a(db: Session = Depends(get_db)):
    several = db.query(Order.kind, func.count(Order.id).label("many")).group_by(Order.kind).subquery()
    return db.query(several).all(), db.query(several.c.kind, several.c.many).all()


@app.get("/b")
def b(db: Session = Depends(get_db)):
    several = db.query(Order.kind, func.count(Order.id).label("many")).group_by(Order.kind).subquery()
    return db.query(Order).join(several, several.c.kind == Order.kind).all()  # told: {EVERY}
""",
    "a connection that is tried": f"""
engine = create_engine("sqlite://")


@app.get("/a")
def a():
    try:
        connection = engine.connect()
        print(f"connected to {{engine.url.host}}")
        connection.close()
    except Exception:
        print("not connected")


@app.on_event("startup")
def begin():
    connection = engine.connect()
    connection.exec_driver_sql("create table if not exists a (b)")
    connection.close()


@app.get("/b")
def b():
    connection = engine.connect()  # told: {OPEN}
    connection.exec_driver_sql("select 1")
    connection.close()
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES, ("error", "warning"))

"""What a scan tells at once, what it tells when it is asked for, and what it tells once for many endpoints."""

import json

import pytest
from projects import BLOCKING, write

from troubleshoot.code.topics.tables import is_lookup, is_stream

HEAD = """
import asyncio
import shutil
import tempfile
import time
from typing import List

import httpx
import requests
from fastapi import Depends, FastAPI, Query, Request, UploadFile
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, relationship, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
clients = {}
locks = {}


class Base(DeclarativeBase):
    pass


class Category(Base):
    __tablename__ = "categories"


class Product(Base):
    __tablename__ = "products"


class Message(Base):
    __tablename__ = "messages"


class User(Base):
    __tablename__ = "users"
    children = relationship("User")


def get_db():
    with SessionLocal() as db:
        yield db


def product_of(db: Session, product_id: int):
    return db.get(Product, product_id)


def create_product(db: Session, name: str):
    db.get(Product, name)
    db.add(Product(name=name))


def get_current_admin():
    return None


def get_current_user():
    return None


def bounded():
    return Query(20, le=100)


def paginate(statement):
    return statement.limit(20)


"""
N, U = "database/n-plus-one", "database/unbounded-query"
C, G, M = "performance/client-per-request", "performance/unbounded-concurrency", "performance/memory-grows"
T = "background-tasks/create-task-garbage-collected"
TOLD = {
    "rows of a query": (
        N,
        """
@app.get("/a")
def read(db: Session = Depends(get_db)):
    rows = db.scalars(select(User).limit(9)).all()
    return [product_of(db, row.product_id) for row in rows]
""",
    ),
    "a list that a client sends": (
        N,
        """
@app.post("/a")
def update_stock(ids: List[int], db: Session = Depends(get_db)):
    for item in ids:
        product = db.scalars(select(Product).where(Product.id == item)).first()
        product.stock = 1
    db.commit()
""",
    ),
    "a few tries for each row": (
        N,
        """
@app.get("/a")
def read(ids: List[int], db: Session = Depends(get_db)):
    for item in ids:
        for attempt in range(3):
            product_of(db, item)
""",
    ),
    "a table that people fill": (
        U,
        """
@app.get("/a")
def read(db: Session = Depends(get_db)):
    return db.scalars(select(Product)).all()
""",
    ),
    "a condition only if it is asked for": (
        U,
        """
@app.get("/a")
def read(name: str = "", db: Session = Depends(get_db)):
    query = select(Product)
    if name:
        query = query.where(Product.name == name)
    return db.scalars(query).all()
""",
    ),
    "a condition about another table": (
        U,
        """
@app.get("/a")
def read(user_id: int, db: Session = Depends(get_db)):
    return db.scalars(select(Product).where(User.id == user_id)).all()
""",
    ),
    "messages of one room": (
        U,
        """
@app.get("/a")
def read(room: int, db: Session = Depends(get_db)):
    return db.scalars(select(Message).where(Message.room == room)).all()
""",
    ),
    "rows loaded to be counted": (
        U,
        """
@app.get("/a")
def read(user_id: int, db: Session = Depends(get_db)):
    return len(db.scalars(select(Category).where(Category.user_id == user_id)).all())
""",
    ),
    "a limit without an end": (
        U,
        """
@app.get("/a")
def list_products(limit: int = 10):
    return []
""",
    ),
    "no limit unless an administrator asks for one": (
        U,
        """
@app.get("/a")
def list_users(limit: int = None, admin=Depends(get_current_admin)):
    return []
""",
    ),
    "an upload written to a file": (
        BLOCKING,
        """
@app.post("/a")
async def upload(file: UploadFile):
    with open("/tmp/upload", "wb") as target:
        target.write(await file.read())
""",
    ),
    "a whole folder": (
        BLOCKING,
        """
@app.delete("/a")
async def forget():
    shutil.rmtree("/tmp/folder")
""",
    ),
    "a client of the endpoint's own": (
        C,
        """
@app.get("/a")
async def read():
    async with httpx.AsyncClient() as client:
        return (await client.get("https://example.org")).text
""",
    ),
    "as many calls as the client wants": (
        G,
        """
@app.post("/a")
async def read(seconds: List[int]):
    await asyncio.gather(*[asyncio.sleep(item) for item in seconds])
""",
    ),
    "a task that nobody keeps": (
        T,
        """
@app.get("/a")
async def read():
    asyncio.create_task(asyncio.sleep(1))  # noqa: E501
""",
    ),
}
MINOR = {
    "an upload written to a temporary file": (
        BLOCKING,
        """
@app.post("/a")
async def upload(file: UploadFile):
    with tempfile.NamedTemporaryFile(mode="wb") as target:
        target.write(await file.read())
""",
    ),
    "what a module holds": (
        N,
        """
@app.get("/a")
def read(db: Session = Depends(get_db)):
    return [product_of(db, item) for item in clients]
""",
    ),
    "the kinds of a mapping": (
        N,
        """
@app.get("/a")
def read(limits: dict, db: Session = Depends(get_db)):
    return [product_of(db, key) for key, value in limits.items()]
""",
    ),
    "a loop that writes": (
        N,
        """
@app.post("/a")
def add(names: List[str], db: Session = Depends(get_db)):
    for name in names:
        create_product(db, name)
""",
    ),
    "a table of the makers": (
        U,
        """
@app.get("/a")
def read(db: Session = Depends(get_db)):
    return db.scalars(select(Category)).all()
""",
    ),
    "one's own rows": (
        U,
        """
@app.get("/a")
def read(user=Depends(get_current_user), db: Session = Depends(get_db)):
    return db.scalars(select(Message).where(Message.user_id == user.id)).all()
""",
    ),
    "a page of administrators": (
        U,
        """
@app.get("/a")
def list_users(limit: int = 10, admin=Depends(get_current_admin)):
    return []
""",
    ),
    "a page of one's own": (
        U,
        """
@app.get("/me/orders")
def list_orders(limit: int = 10):
    return []
""",
    ),
    "a small file": (
        BLOCKING,
        """
@app.get("/a")
async def read():
    return open("page.html").read()
""",
    ),
    "a client that a helper closes": (
        C,
        """
async def fetch(url):
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).text


@app.get("/a")
async def read():
    return await fetch("https://example.org")
""",
    ),
    "calls for what is connected": (
        G,
        """
@app.get("/a")
async def read():
    await asyncio.gather(*[asyncio.sleep(item) for item in clients])
""",
    ),
    "a lock for each key": (
        M,
        """
@app.get("/a")
async def read(name: str):
    async with locks.setdefault(name, asyncio.Lock()):
        return name
""",
    ),
    "what ruff was told to accept": (
        T,
        """
@app.get("/a")
async def read():
    asyncio.create_task(asyncio.sleep(1))  # noqa: RUF006
""",
    ),
}
SILENT = {
    "batches": """
@app.post("/a")
def read(ids: List[int], db: Session = Depends(get_db)):
    for batch in chunks(ids, 500):
        db.scalars(select(Product).where(Product.id.in_(batch))).first()
""",
    "constants of another module, in order": """
from settings import DAYS_LEFT


@app.get("/a")
def read(db: Session = Depends(get_db)):
    return [product_of(db, days) for days in sorted(DAYS_LEFT)]
""",
    "a list of keys": """
@app.post("/a")
def read(ids: List[int], db: Session = Depends(get_db)):
    return db.scalars(select(Product).where(Product.id.in_(ids))).all()
""",
    "a limit that a helper puts on": """
@app.get("/a")
def read(db: Session = Depends(get_db)):
    return db.scalars(paginate(select(Product))).all()
""",
    "a limit that a dependency bounds": """
@app.get("/a")
def list_products(limit: int = bounded()):
    return []
""",
}


def found(scanning, *arguments, **files):
    scan = scanning.json(*arguments, files=files)[1]
    assert scan["skipped"] == []
    return scan["findings"]


@pytest.mark.parametrize("name", TOLD)
def test_what_is_worth_a_change_is_told(scanning, name):
    cause, source = TOLD[name]
    (finding,) = [item for item in found(scanning, **{"main.py": HEAD + source}) if item["cause"] == cause]
    assert finding["minor"] is False


@pytest.mark.parametrize("name", MINOR)
def test_what_is_minor_is_told_when_it_is_asked_for(scanning, name):
    cause, source = MINOR[name]
    assert cause not in {item["cause"] for item in found(scanning, **{"main.py": HEAD + source})}
    assert [(cause, True)] == [(item["cause"], item["minor"]) for item in found(scanning, "--select", cause)]


def test_all_that_is_minor_is_asked_for_by_an_option_or_a_setting(scanning):
    cause, source = MINOR["a small file"]
    assert found(scanning, **{"main.py": HEAD + source}) == []
    assert [cause] == [item["cause"] for item in found(scanning, "--all")]
    write(scanning.folder, {"pyproject.toml": "[tool.troubleshoot]\nall = true\n"})
    assert [cause] == [item["cause"] for item in found(scanning)]


@pytest.mark.parametrize("name", SILENT)
def test_what_is_bounded_is_not_told_even_so(scanning, name):
    files = {"main.py": HEAD + SILENT[name], "settings.py": "DAYS_LEFT = [1, 7]\n"}
    assert not {N, U} & {item["cause"] for item in found(scanning, "--all", **files)}


def test_what_is_minor_is_evidence_of_the_source(scanning):
    write(scanning.folder, {"main.py": HEAD + MINOR["a small file"][1]})
    arguments = ("answer", "requests wait for each other", "--source", ".", "--format", "json", "--top", "5")
    diagnosis = json.loads(scanning.run(*arguments)[1])["diagnosis"]
    (cause,) = [item for item in diagnosis if item["cause"] == BLOCKING]
    assert any("main.py:" in json.dumps(reason) for reason in cause["reasons"])


def test_the_chain_of_a_query_is_told_from_the_call_on_the_line(scanning):
    (finding,) = [
        item for item in found(scanning, **{"main.py": HEAD + TOLD["rows of a query"][1]}) if item["cause"] == N
    ]
    lines = (scanning.folder / "main.py").read_text().splitlines()
    assert "product_of(" in lines[finding["line"] - 1]
    assert finding["message"] == "read runs a query for each element: product_of(), which leads to db.get()"
    assert [step.partition(" ")[2] for step in finding["chain"]] == ["product_of", "db.get()"]
    (told,) = [item for item in finding["chain"] if item.endswith("db.get()")]
    assert "db.get(" in lines[int(told.split(":")[1].split(" ")[0]) - 1]


def test_all_relationships_that_are_read_are_named(scanning):
    source = """
class Author(Base):
    __tablename__ = "authors"
    books = relationship("Product")
    friends = relationship("User")


@app.get("/a")
def read(db: Session = Depends(get_db)):
    authors = db.scalars(select(Author).limit(9)).all()
    return [(author.books, author.friends) for author in authors]
"""
    (finding,) = [item for item in found(scanning, **{"main.py": HEAD + source}) if item["cause"] == N]
    assert "books and friends" in finding["message"]


ENDPOINT = """

@app.get("/{number}")
async def read_{number}():
    return load()
"""


def endpoints(call, count):
    helper = f"\ndef load():\n    return {call}\n"
    return HEAD + helper + "".join(ENDPOINT.replace("{number}", str(number)) for number in range(count))


@pytest.mark.parametrize(
    ("call", "count", "places"),
    [
        ("requests.get('https://example.org')", 15, 15),
        ("requests.get('https://example.org')", 16, 1),
        ("requests.get('https://example.org')", 30, 1),
        ("open('page.html').read()", 1, 1),
        ("open('page.html').read()", 2, 1),
    ],
)
def test_a_call_that_many_endpoints_reach_is_told_once(scanning, call, count, places):
    findings = found(scanning, "--select", BLOCKING, **{"main.py": endpoints(call, count)})
    assert places == len(findings)
    if places == 1 < count:
        (finding,) = findings
        lines = (scanning.folder / "main.py").read_text().splitlines()
        assert call in lines[finding["line"] - 1]
        name = call.partition("(")[0]
        told = f"{name}() here is reached from {count} endpoints on the event loop, for example read_0"
        assert told == finding["message"]
        assert [f"read_{number}" for number in range(count)] == [
            step.partition(" ")[2] for step in finding["endpoints"]
        ]
        assert ["read_0", "load", f"{name}()"] == [step.partition(" ")[2] for step in finding["chain"]]
        assert finding["function"] == "load"


def test_what_many_endpoints_reach_through_others_names_them_all(scanning):
    source = HEAD + "\ndef load():\n    return requests.get('https://example.org')\n"
    for number in range(16):
        source += f"\nasync def step_{number}():\n    return load()\n"
    source += "\n@app.get('/a')\nasync def first():\n" + "".join(f"    await step_{n}()\n" for n in range(16))
    source += "\n@app.get('/b')\nasync def second():\n    await step_5()\n"
    (finding,) = found(scanning, "--select", BLOCKING, **{"main.py": source})
    assert "2 endpoints" in finding["message"]
    assert finding["message"].endswith("for example first by step_0")
    assert [step.partition(" ")[2] for step in finding["endpoints"]] == ["first", "second"]


@pytest.mark.parametrize("path", ["tests/main.py", "app/tests/api.py", "test_main.py", "main_test.py", "conftest.py"])
def test_what_a_tests_own_application_does_is_not_told(scanning, path):
    source = HEAD + "@app.get('/a')\nasync def read():\n    time.sleep(1)\n"
    assert found(scanning, **{path: source}) == []
    assert [item["cause"] for item in found(scanning, **{"contest/testing.py": source})] == [BLOCKING]


@pytest.mark.parametrize(
    ("name", "lookup", "stream"),
    [
        ("ProductCategories", True, False),
        ("CategoryProduct", False, True),
        ("APIStatus", True, False),
        ("role_model", True, False),
        ("ActivityLogModel", False, True),
        ("order_histories", False, True),
        ("User", False, False),
        ("Model", False, False),
        ("", False, False),
    ],
)
def test_the_last_word_of_a_tables_name_says_what_it_is_for(name, lookup, stream):
    assert (is_lookup(name), is_stream(name)) == (lookup, stream)

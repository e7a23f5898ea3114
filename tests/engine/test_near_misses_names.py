"""What looks like a mistake to a reader in a hurry, beside what is one: names that may be several things."""

import pytest
from marked import marks, told

HEAD = """
import asyncio
import time

from fastapi import FastAPI, UploadFile
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

app = FastAPI()
"""
SESSION = "database/sync-session-in-async-endpoint"
COROUTINE = "performance/coroutine-not-awaited"
CAUSES = (SESSION, COROUTINE)

SOURCES = {
    "a module of the same name in the application next door": f"""
### one/__init__.py
### one/app/__init__.py
### one/app/work.py
def start():
    return 1
### one/app/main.py
from fastapi import FastAPI

from app.work import start

app = FastAPI()


@app.get("/")
async def read():
    start()
### two/app/__init__.py
### two/app/work.py
async def start():
    return 1
### two/app/main.py
from fastapi import FastAPI

from app.work import start

app = FastAPI()


@app.get("/")
async def read():
    start()  # told: {COROUTINE}
""",
    "a stub of what is a generator": f"""
from abc import ABC, abstractmethod
from typing import Protocol


class Document(ABC):
    async def read(self):
        pass

    @abstractmethod
    async def title(self):
        pass


class Page(Document):
    async def read(self):
        yield 1

    async def title(self):
        return "a"


class Source(Protocol):
    async def lines(self): ...


class Log:
    async def lines(self):
        yield 1


@app.get("/")
async def read(document: Document, source: Source):
    document.title()  # told: {COROUTINE}
    found = [line async for line in source.lines()]
    async for part in document.read():
        found.append(part)
    return found
""",
    "a name that isinstance has told apart": f"""
class Store:
    async def rewind(self):
        return 1


class Fast(Store):
    async def fast(self):
        return 1


@app.post("/")
async def read(file: UploadFile, db: AsyncSession | Session, store: Fast, names: list[str]):
    if isinstance(file, UploadFile):
        await file.seek(0)
        file.seek(0)  # told: {COROUTINE}
    else:
        file.seek(0)
    if not isinstance(db, AsyncSession):
        db.commit()
    if isinstance(db, Session):
        db.commit()  # told: {SESSION}
    if isinstance(store, Store):
        store.fast()  # told: {COROUTINE}
    _ = None if not isinstance(store, Fast) else store.rewind()
    isinstance(store, Fast) or store.rewind()


@app.post("/left")
async def left(file: UploadFile, other: UploadFile):
    if not isinstance(file, UploadFile):
        file.seek(0)
        return None
    if isinstance(other, (UploadFile, Store)) and other.filename:
        other.seek(0)  # told: {COROUTINE}
        return None
    other.seek(0)  # told: {COROUTINE}
    if isinstance(other, (UploadFile, Store)):
        return None
    other.seek(0)
    file.seek(0)  # told: {COROUTINE}
""",
    "an attribute, or a name of the module, that isinstance has told apart": f"""
class Plain:
    def read(self):
        return 1


class Waiting(Plain):
    async def read(self):
        return 1


def make() -> Waiting: ...


store = make()


class Service:
    def __init__(self, store: Waiting):
        self.store = store

    async def by_attribute(self):
        if isinstance(self.store, Waiting):
            self.store.read()  # told: {COROUTINE}
        else:
            self.store.read()
        if not isinstance(self.store, Plain):
            self.store.read()
        self.store.read()  # told: {COROUTINE}


async def by_name():
    if isinstance(store, Waiting):
        store.read()  # told: {COROUTINE}
    else:
        store.read()
    store.read()  # told: {COROUTINE}
""",
    "a callee that may be several things": f"""
from other import either, imported, renamed as other_name

try:
    from fast import work
except ImportError:
    async def work():
        return 1


async def plain():
    return 1


def sync():
    return 1


def pick(function):
    if asyncio.iscoroutinefunction(function):
        async def noop():
            return 1
        return noop
    return function


def same():
    return plain


if time.time() > 1:
    async def defined():
        return 1
else:
    def defined():
        return 1


class Worker:
    async def run(self):
        return 1


worker = None
worker = Worker()
chosen = plain if time.time() > 1 else sync


@app.get("/")
async def read(other: Worker, handler=plain):
    pick(sync)()
    same()()  # told: {COROUTINE}
    work()
    defined()
    chosen()
    handler()
    worker.run()  # told: {COROUTINE}
    other.run()  # told: {COROUTINE}
    plain()  # told: {COROUTINE}
    either()
    imported()  # told: {COROUTINE}
    other_name()  # told: {COROUTINE}
    function = sync
    if other:
        function = plain
    function()
    another = plain
    another()  # told: {COROUTINE}
### other.py
import time


async def imported():
    return 1


async def renamed():
    return 1

if time.time() > 1:
    def either():
        return 1
else:
    async def either():
        return 1
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES)

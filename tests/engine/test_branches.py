"""What a call that names a literal, or leaves a default as it is, leads past."""

import pytest
from marked import marks, told
from projects import write

from troubleshoot.code.files import Files
from troubleshoot.code.search import find

HEAD = """
import asyncio
import time
from abc import ABC, abstractmethod

from fastapi import FastAPI

app = FastAPI()
"""
BLOCKING = "performance/blocking-call-in-async-endpoint"

SOURCES = {
    "a default that is left as it is": f"""
def load(path, use_cache=False):
    if use_cache:
        time.sleep(1)
    return path


@app.get("/left")
async def left():
    return load("a")


@app.get("/given")
async def given():
    return load("a", use_cache=True)  # told: {BLOCKING}


@app.get("/positional")
async def positional():
    return load("a", True)  # told: {BLOCKING}


@app.get("/asked")
async def asked(cache: bool):
    return load("a", cache)  # told: {BLOCKING}


@app.get("/spread")
async def spread(options: dict):
    return load("a", **options)  # told: {BLOCKING}
""",
    "every way to ask": f"""
def by_name(kind="memory", limit=None, wait=True):
    if kind == "redis" and wait:
        time.sleep(1)
    if limit is not None:
        time.sleep(2)
    if kind in ("redis", "disk") or not wait:
        time.sleep(3)
    while limit:
        time.sleep(4)
    slept = time.sleep(5) if kind != "memory" else None
    return limit and time.sleep(6)


@app.get("/none")
async def none():
    by_name()
    by_name("memory", wait=True)


@app.get("/kind")
async def of_kind():
    by_name(kind="redis")  # told: {BLOCKING}


@app.get("/limit")
async def with_limit():
    by_name(limit=3)  # told: {BLOCKING}


@app.get("/not")
async def without_wait():
    by_name(wait=False)  # told: {BLOCKING}
""",
    "what leaves before": f"""
def save(row, later=True):
    if later:
        return row
    time.sleep(1)


def store(row, now):
    if not now:
        raise ValueError
    else:
        pass
    time.sleep(1)


@app.get("/later")
async def later():
    save(1)
    store(1, now=False)


@app.get("/now")
async def now():
    save(1, later=False)  # told: {BLOCKING}
    store(1, now=True)  # told: {BLOCKING}
""",
    "handed on": f"""
def innermost(sync):
    if sync:
        time.sleep(1)


def inner(sync=False):
    innermost(sync)


def outer(value, sync=False):
    return inner(sync=sync)


@app.get("/off")
async def off():
    outer(1)


@app.get("/on")
async def on():
    outer(1, True)  # told: {BLOCKING}
""",
    "an async function between": f"""
async def fetch(url, slow=False):
    if slow:
        time.sleep(1)  # told: {BLOCKING}


async def never(url, slow=False):
    if slow:
        time.sleep(1)


@app.get("/fast")
async def fast():
    await fetch("a")
    await never("a")


@app.get("/slow")
async def slow():
    await fetch("a", slow=True)
    await never("a", slow=False)
""",
    "a parameter that is given something else inside": f"""
def load(path, mode=None):
    if mode is None:
        mode = "slow"
    if mode:
        time.sleep(1)


def repeat(first=False):
    for _ in range(3):
        if first:
            time.sleep(1)
        first = True


def before(mode=None):
    if mode:
        time.sleep(1)
    mode = "slow"


@app.get("/")
async def read():
    load("a")  # told: {BLOCKING}
    repeat()  # told: {BLOCKING}
    before()
""",
    "a parameter that is given something else in a branch that does not run": f"""
class Repository:
    def __init__(self, db, user=None, *, name=None, method=None):
        if user:
            method, name = user
        if name and method:
            time.sleep(1)


@app.get("/nobody")
async def nobody():
    Repository(1)


@app.get("/somebody")
async def somebody():
    Repository(1, name="a", method="b")  # told: {BLOCKING}


@app.get("/user")
async def user(user: str):
    Repository(1, user)  # told: {BLOCKING}
    Repository(1, user="ab")  # told: {BLOCKING}
""",
    "a decorator that may give what the call does not": f"""
def with_mode(function):
    def inner(*args):
        return function(*args, slow=True)

    return inner


@with_mode
def load(path, slow=False):
    if slow:
        time.sleep(1)


class Store:
    @staticmethod
    def read(slow, path=None):
        if slow:
            time.sleep(1)

    @classmethod
    def find(cls, slow=False):
        if slow:
            time.sleep(1)

    def save(self, slow=False):
        if slow:
            time.sleep(1)

    def __init__(self, eager=False):
        if eager:
            time.sleep(1)


@app.get("/")
async def read():
    load("a")  # told: {BLOCKING}
    store = Store()
    store.read(True)  # told: {BLOCKING}
    store.read(False)
    Store.find()
    Store.find(True)  # told: {BLOCKING}
    store.save()
    store.save(True)  # told: {BLOCKING}
    Store(eager=True)  # told: {BLOCKING}
""",
    "implementations have defaults of their own": f"""
class Reader(ABC):
    @abstractmethod
    def read(self, slow=False): ...


class Eager(Reader):
    def read(self, slow=True):
        if slow:
            time.sleep(1)


def pick() -> Reader: ...


@app.get("/")
async def read():
    reader = pick()
    reader.read()  # told: {BLOCKING}
    reader.read(slow=False)
""",
    "a factory that is told the kind": f"""
class Cache(ABC):
    @abstractmethod
    def get(self): ...


class Slow(Cache):
    def get(self):
        time.sleep(1)


class Fast(Cache):
    def get(self):
        return 1


def make(kind: str) -> Cache:
    if kind == "slow":
        return Slow()
    return Fast()


def build(kind):
    match kind:
        case "slow":
            made = Slow()
        case "fast" | "memory":
            made = Fast()
    return made


@app.get("/")
async def read(kind: str):
    make("fast").get()
    build("memory").get()
    make("slow").get()  # told: {BLOCKING}
    build("slow").get()  # told: {BLOCKING}
    make(kind).get()  # told: {BLOCKING}
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_call_leads_past_what_its_literals_rule_out(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert told(source, tmp_path, catalog, (BLOCKING,)) == marks(source)


def test_more_literals_than_are_looked_at_one_by_one_rule_nothing_out(tmp_path, catalog):
    calls = "\n".join(f"    await fetch('kind {number}')" for number in range(20))
    source = f"""{HEAD}
async def fetch(kind):
    if kind == "kind 19":
        time.sleep(1)  # told: {BLOCKING}


@app.get("/")
async def read():
{calls}
"""
    assert told(source, tmp_path, catalog, (BLOCKING,)) == marks(source)


def test_a_finding_at_the_leaf_names_those_who_reach_it(tmp_path, catalog):
    """Of many endpoints that call one function, those that switch the slow part off are not among those named."""
    endpoints = "\n".join(
        f"""
@app.get("/slow{number}")
async def slow{number}():
    middle(True)


@app.get("/fast{number}")
async def fast{number}():
    middle(False)
"""
        for number in range(20)
    )
    write(tmp_path, {"main.py": f"{HEAD}\ndef middle(slow):\n    if slow:\n        time.sleep(1)\n{endpoints}"})
    (finding,) = (item for item in find(Files(str(tmp_path), ["main.py"]), catalog, {}) if item.cause == BLOCKING)
    assert {step.split()[1] for step in finding.endpoints} == {f"slow{number}" for number in range(20)}

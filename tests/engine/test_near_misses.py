"""What looks like a mistake to a reader in a hurry, beside what is one: calls that are watched for."""

import pytest
from marked import marks, told

HEAD = """
import asyncio
import time

import chromadb
import httpx
import redis
from fastapi import FastAPI, Request
from slack_bolt.adapter.fastapi import SlackRequestHandler
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from sqlalchemy.orm import Session

app = FastAPI()
"""
LOOP = "performance/asyncio-run-in-running-loop"
BLOCKING = "performance/blocking-call-in-async-endpoint"
SESSION = "database/sync-session-in-async-endpoint"
CLIENT = "performance/client-per-request"
CAUSES = (LOOP, BLOCKING, SESSION, CLIENT)

SOURCES = {
    "a loop that is asked for first": f"""
async def work():
    return 1


def is_running():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def by_exception():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    raise RuntimeError("use await")


def by_none():
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None
    if loop is None:
        return asyncio.run(work())
    return loop.create_task(work())


def by_state():
    loop = asyncio.get_event_loop()
    if loop and loop.is_running():
        return loop.create_task(work())
    else:
        return loop.run_until_complete(work())


def by_leaving():
    loop = asyncio.get_event_loop()
    if loop.is_running():
        raise RuntimeError("use await")
    return loop.run_until_complete(work())


def by_helper():
    return None if is_running() else asyncio.run(work())


def by_else():
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        return None
    time.sleep(1)
    return asyncio.run(work())


def wait():
    time.sleep(1)


def by_caller():
    if not is_running():
        wait()


def wrong_way_round():
    if is_running():
        return asyncio.run(work())


def not_asked(loop=None):
    if loop is None:
        return asyncio.run(work())


@app.get("/")
async def read():
    by_exception()
    by_none()
    by_state()
    by_leaving()
    by_helper()
    by_else()
    by_caller()
    wrong_way_round()  # told: {LOOP}
    not_asked()  # told: {LOOP}
""",
    "what is awaited": f"""
handler = AsyncSlackRequestHandler(None)
sync_handler = SlackRequestHandler(None)
vectors = chromadb.AsyncHttpClient()
sync_vectors = chromadb.HttpClient()


@app.post("/")
async def read(request: Request, session: Session):
    await session.execute("select 1")
    await asyncio.gather(session.execute("select 1"), *[session.execute("select 1") for _ in range(3)])
    asyncio.create_task(session.execute("select 1"))
    async with session.execute("select 1") as rows:
        print(rows)
    session.execute("select 1")  # told: {SESSION}
    await save(session.execute("select 1"))  # told: {SESSION}
    await session.execute("select 1").all()  # told: {SESSION}
    vectors.get_collection("a").query("b")
    sync_vectors.get_collection("a").query("b")  # told: {BLOCKING}
    sync_handler.handle(request)  # told: {BLOCKING}
    handler.handle(request)
    return await handler.handle(request)


async def save(rows):
    return rows
""",
    "what is kept in the process": f"""
kept = {{}}


def fetch(name):
    return httpx.get(f"http://localhost/{{name}}").json()


def by_name(name):
    found = kept.get(name)
    if found is not None:
        return found
    try:
        found = fetch(name)
    except httpx.HTTPError:
        return None
    kept[name] = found
    return found


def never_kept(name):
    found = kept.get(name)
    if found is not None:
        return found
    return fetch(name)


def handed(kept, name):
    found = kept.get(name)
    if found is not None:
        return found
    kept[name] = fetch(name)
    return kept[name]


class Names:
    def __init__(self):
        self.names = None
        self.until = 0

    def all(self):
        if self.names and self.until > time.time():
            return self.names
        self.names = fetch("names")
        self.until = time.time() + 3600
        return self.names


class Requested:
    def __init__(self):
        self.names = None

    def all(self):
        if self.names is not None:
            return self.names
        self.names = fetch("names")
        return self.names


names = Names()


@app.get("/names")
async def read_names(name: str):
    return names.all(), by_name(name)


@app.get("/never")
async def read_never(name: str):
    return never_kept(name)  # told: {BLOCKING}


@app.get("/handed")
async def read_handed(name: str):
    return handed({{}}, name)  # told: {BLOCKING}


@app.get("/requested")
async def read_requested():
    return Requested().all()  # told: {BLOCKING}
""",
    "what is called while somebody develops": f"""
from config import DEV_MODE, settings


async def work():
    time.sleep(3)


async def work_of_all():
    time.sleep(3)  # told: {BLOCKING}


async def asked_for():
    time.sleep(3)  # told: {BLOCKING}


@app.post("/a")
async def a(queue):
    if DEV_MODE:
        return await work()
    if settings.debug:
        await work()
    else:
        await work_of_all()
    return queue.enqueue(work)


@app.post("/b")
async def b(debug: bool):
    if debug:
        await asked_for()
""",
    "a client that is given its connections, or made once": f"""
POOL = redis.ConnectionPool()


def get_pool():
    return POOL


class Wrapped:
    def __init__(self, client):
        self.get = client.get

    @staticmethod
    def made_anew():
        client = redis.Redis(host="b")  # told: {CLIENT}
        return Wrapped(client)


def make_store():
    client = redis.Redis(host="c")
    return Wrapped(client)


_store = None


def store():
    global _store
    if _store is None:
        _store = make_store()
    return _store


class Cache:
    def __init__(self):
        self.pool = redis.ConnectionPool()

    def client(self):
        return redis.Redis(connection_pool=self.pool)


cache = Cache()


@app.get("/")
def read():
    redis.Redis(connection_pool=POOL)
    redis.Redis(connection_pool=get_pool())
    cache.client()
    own = redis.ConnectionPool()
    redis.Redis(connection_pool=own)  # told: {CLIENT}
    redis.Redis(connection_pool=redis.ConnectionPool())  # told: {CLIENT}
    httpx.Client(transport=httpx.ASGITransport(app))
    httpx.Client(transport=httpx.HTTPTransport(retries=1))  # told: {CLIENT}
    redis.Redis(host="a")  # told: {CLIENT}
    listening = redis.Redis(host="a")
    listening.pubsub().subscribe("news")
    store().get("a")
    Wrapped.made_anew()


async def listen():
    subscriber = redis.asyncio.Redis()
    async for message in subscriber.pubsub().listen():
        await publish(message)


async def publish(message):
    await redis.asyncio.Redis().publish("a", message)  # told: {CLIENT}


@app.on_event("startup")
async def start():
    app.state.listener = asyncio.create_task(listen())


@app.post("/")
async def write(message: str):
    await publish(message)
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES)

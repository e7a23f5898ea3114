"""Which function a call runs, when the source does not name it: a blocking call behind it is told, or not."""

import pytest
from marked import marks, told

HEAD = """
import time
from abc import ABC, abstractmethod
from typing import Protocol

import requests
from fastapi import Depends, FastAPI, Request

app = FastAPI()
"""
BLOCKING = "performance/blocking-call-in-async-endpoint"
SOURCES = {
    "each implementation of an abstract class": """
class Sender(ABC):
    @abstractmethod
    async def send(self, text: str) -> None: ...


class Loud(Sender):
    async def send(self, text: str) -> None:
        requests.post("https://example.com", data=text)  # told: performance/blocking-call-in-async-endpoint


class Quiet(Sender):
    async def send(self, text: str) -> None:
        return None


class Unrelated:
    async def send(self, text: str) -> None:
        time.sleep(1)


def get_sender() -> Sender:
    return Loud()


@app.post("/messages")
async def send(text: str, sender: Sender = Depends(get_sender)):
    await sender.send(text)
""",
    "what has the methods of a protocol": """
from ports import Store


def get_store() -> Store:
    from stores import Remote

    return Remote()


@app.get("/values")
async def read(key: str, store: Store = Depends(get_store)):
    return store.load(key)  # told: performance/blocking-call-in-async-endpoint
### ports.py
from typing import Protocol


class Store(Protocol):
    def load(self, key: str) -> str: ...

    def close(self) -> None: ...


### stores.py
import requests


class Remote:
    def load(self, key: str) -> str:
        return requests.get(key).text

    def close(self) -> None: ...


class Other:
    def load(self, number: int) -> str:
        return input()

    def close(self) -> None: ...


### tests/fakes.py
class Fake:
    def load(self, key: str) -> str:
        return input()

    def close(self) -> None: ...
""",
    "a base class whose methods refuse": """
class Job:
    def run(self):
        raise NotImplementedError

    def name(self):
        return "job"


class Fast(Job):
    def run(self):
        return 1


class Slow(Job):
    def run(self):
        time.sleep(1)

    def name(self):
        time.sleep(1)


def job(fast: bool) -> Job:
    return Fast() or Slow()


@app.post("/jobs")
async def start(fast: bool):
    job(fast).run()  # told: performance/blocking-call-in-async-endpoint


@app.get("/jobs")
async def name(fast: bool):
    return job(fast).name()
""",
    "only implementations that do not wait": """
class Sender(ABC):
    @abstractmethod
    def send(self, text: str) -> None:
        time.sleep(1)


class Quiet(Sender):
    def send(self, text: str) -> None:
        return None


@app.post("/messages")
async def send(sender: Sender, texts: list[str]):
    Quiet().send(texts[0])
""",
    "the same names in several applications of one repository": """
### apps/one/app/services.py
def load(): ...
### apps/one/app/main.py
from fastapi import FastAPI

from app.services import load

app = FastAPI()


@app.get("/")
async def read():
    load()
### apps/two/app/services.py
import time


def load():
    time.sleep(1)
### apps/two/app/main.py
from fastapi import FastAPI

from app.services import load
from shared.slow import wait

app = FastAPI()


@app.get("/")
async def read():
    load()  # told: performance/blocking-call-in-async-endpoint


@app.get("/shared")
async def shared():
    wait()  # told: performance/blocking-call-in-async-endpoint
### libs/shared/src/shared/slow.py
import time


def wait():
    time.sleep(1)
""",
    "containers": """
from dependency_injector import containers, providers
from dependency_injector.wiring import Provide, inject
from dishka import make_async_container
from dishka.integrations.fastapi import FromDishka


class Service:
    def act(self):
        requests.get("https://example.com")


class Container(containers.DeclarativeContainer):
    service = providers.Factory(Service)
    number = providers.Object(1)


container = make_async_container()


@app.get("/provided")
@inject
async def provided(service=Depends(Provide[Container.service]), number=Depends(Provide[Container.number])):
    service.act()  # told: performance/blocking-call-in-async-endpoint
    number.act()


@app.get("/asked")
async def asked():
    Container.service().act()  # told: performance/blocking-call-in-async-endpoint
    (await container.get(Service)).act()  # told: performance/blocking-call-in-async-endpoint
    (await container.get("service")).act()


@app.get("/annotated")
async def annotated(service: FromDishka[Service]):
    service.act()  # told: performance/blocking-call-in-async-endpoint
""",
    "parts of a tuple": """
import asyncio


class Worker:
    def run(self):
        time.sleep(1)


class Idle:
    def run(self): ...


def both():
    return Idle(), Worker()


def declared() -> tuple[Idle, Worker]:
    raise LookupError


async def later():
    return Worker()


async def nothing():
    return Idle()


@app.get("/both")
async def read():
    idle, worker = both()
    idle.run()
    worker.run()  # told: performance/blocking-call-in-async-endpoint
    first, second = declared()
    first.run()
    second.run()  # told: performance/blocking-call-in-async-endpoint
    one, other = await asyncio.gather(nothing(), later())
    one.run()
    other.run()  # told: performance/blocking-call-in-async-endpoint
""",
    "what is put into an object from outside": """
from manager import manager, other


@app.on_event("startup")
def start():
    manager.session = requests.Session()
    app.state.session = requests.Session()


@app.middleware("http")
async def prepare(request: Request, call_next):
    request.state.own = requests.Session()
    return await call_next(request)


@app.get("/values")
async def read(request: Request):
    manager.session.get("https://example.com")  # told: performance/blocking-call-in-async-endpoint
    manager.load()  # told: performance/blocking-call-in-async-endpoint
    request.app.state.session.get("https://example.com")  # told: performance/blocking-call-in-async-endpoint
    request.state.own.get("https://example.com")  # told: performance/blocking-call-in-async-endpoint
    request.state.session.get("https://example.com")
    other.session.get("https://example.com")
### manager.py
class Manager:
    session = None

    def load(self):
        return self.session.get("https://example.com")


manager = Manager()


class Other:
    session = None


other = Other()
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_a_call_may_run_is_found(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert told(source, tmp_path, catalog, (BLOCKING,)) == marks(source)

"""What looks like a mistake to a reader in a hurry, beside what is one: calls that wait, and calls that do not."""

import pytest
from marked import marks, told

HEAD = """
import queue

import docker
import httpx
from fastapi import FastAPI, Request

app = FastAPI()
"""
COROUTINE = "performance/coroutine-not-awaited"
BLOCKING = "performance/blocking-call-in-async-endpoint"
LOCK = "performance/thread-lock-in-async"
CAUSES = (COROUTINE, BLOCKING, LOCK)

SOURCES = {
    "a form that is entered": f"""
@app.post("/a")
async def a(request: Request):
    async with request.form() as form:
        return form["name"]


@app.post("/b")
async def b(request: Request):
    form = request.form()  # told: {COROUTINE}
    return form["name"]


@app.post("/c")
async def c(request: Request):
    with request.form() as form:  # told: {COROUTINE}
        return form["name"]
""",
    "queues that nobody waits at": f"""
one = queue.Queue()
two = queue.Queue(maxsize=10)
three = queue.Queue(0)


class Stream:
    def __init__(self):
        self.open: queue.Queue[int] = queue.Queue()
        self.small: queue.Queue[int] = queue.Queue(4)

    def add(self, number):
        self.open.put(number)

    def add_small(self, number):
        self.small.put(number)


stream = Stream()


@app.post("/a")
async def a(number: int):
    one.put(number)
    three.put(number)
    stream.add(number)
    own = queue.Queue()
    own.put(number)
    two.put(number, False)
    two.put(number, block=False)


@app.post("/b")
async def b(number: int):
    two.put(number)  # told: {LOCK}
    stream.add_small(number)  # told: {LOCK}


@app.post("/c")
async def c():
    while not one.empty():
        one.get()
    if not two.empty():
        two.get()
    one.get(False)
    if not two.empty():
        one.get()  # told: {LOCK}
    while one.empty():
        one.get()  # told: {LOCK}
    return one.get()  # told: {LOCK}
""",
    "what a container of Docker is already known to have": f"""
client = docker.from_env()


async def told_of(container):
    made = container.attrs.get("Created", "")
    made.replace("Z", "+00:00")
    for port in container.ports.items():
        print(port)
    return container.labels.get("name")


@app.get("/a")
async def a(name: str):
    container = client.containers.get(name)  # told: {BLOCKING}
    container.reload()  # told: {BLOCKING}
    return await told_of(container)
""",
    "a response that is checked": f"""
class Http:
    def request(self, url):
        return httpx.Client().request("GET", url)


http = Http()


def fetch(url):
    response = http.request(url)
    response.raise_for_status()
    return response


@app.get("/a")
async def a(response: httpx.Response, url: str):
    response.raise_for_status()
    return fetch(url)  # told: {BLOCKING}
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES)

"""What looks like a mistake to a reader in a hurry, beside what is one: calls that wait, and calls that do not."""

import pytest
from marked import marks, told

HEAD = """
import asyncio
import queue
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import docker
import httpx
from fastapi import BackgroundTasks, FastAPI, Request

app = FastAPI()
"""
COROUTINE = "performance/coroutine-not-awaited"
BLOCKING = "performance/blocking-call-in-async-endpoint"
LOCK = "performance/thread-lock-in-async"
LOOP = "performance/asyncio-run-in-running-loop"
TASK = "background-tasks/blocking-call-in-task"
CAUSES = (COROUTINE, BLOCKING, LOCK, LOOP, TASK)

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
open_by_name: dict[str, queue.Queue] = {{"a": queue.Queue()}}
small_by_name: dict[str, queue.Queue] = {{"a": queue.Queue(2), "b": queue.Queue()}}


async def handed(given: queue.Queue, name: str):
    given.put(name)
    open_by_name[name].put(name)
    small_by_name[name].put(name)  # told: {LOCK}


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
    await handed(one, "a")
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
    "a process that has ended": f"""
@app.get("/a")
async def a():
    process = subprocess.Popen(["ls"])
    await asyncio.sleep(1)
    if process.poll() is not None:
        return process.communicate()
    while process.poll() is None:
        await asyncio.sleep(1)
    return process.wait()


@app.get("/b")
async def b():
    process = subprocess.Popen(["ls"])
    other = subprocess.Popen(["ls"])
    if other.poll() is not None:
        process.communicate()  # told: {BLOCKING}
    if process.poll() is None:
        process.wait()  # told: {BLOCKING}
    while process.poll() is None:
        break
    return process.wait()  # told: {BLOCKING}
""",
    "a function that is made for a thread": f"""
executor = ThreadPoolExecutor()


async def work():
    return 1


def through_thread(is_over):
    def run():
        return asyncio.run(work())

    if is_over:
        return run()
    return executor.submit(run)


def at_once(is_over):
    def run():
        return asyncio.run(work())

    if is_over:
        return run()
    return None


@app.get("/a")
async def a():
    through_thread(False)
    return at_once(True)  # told: {LOOP}
""",
    "one function that is run as several things": f"""
async def load(name: str):
    if name:
        time.sleep(1)  # told: {BLOCKING}


async def load_later(name: str):
    if name:
        time.sleep(1)  # told: {TASK}


@app.get("/a")
async def a(tasks: BackgroundTasks):
    tasks.add_task(load, "later")
    tasks.add_task(load_later, "later")
    await load("now")
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    source = HEAD + SOURCES[name]
    assert marks(source) == told(source, tmp_path, catalog, CAUSES)

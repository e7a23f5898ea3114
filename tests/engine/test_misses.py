"""What is easily passed over, beside what is right: coroutines, and what runs on the event loop."""

import pytest
from marked import marks, told

COROUTINE = "performance/coroutine-not-awaited"
BLOCKING = "performance/blocking-call-in-async-endpoint"
SESSION = "database/sync-session-in-async-endpoint"
SOCKET = "websocket/blocking-call-in-handler"
TASK = "background-tasks/blocking-call-in-task"
MIDDLEWARE = "middleware/blocking-call"
CAUSES = (COROUTINE, BLOCKING, SESSION, SOCKET, TASK, MIDDLEWARE)

SOURCES = {
    "a coroutine that is given to somebody who does not await it": f"""
import asyncio
import inspect
import json

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

app = FastAPI()
tasks = []


async def load():
    return 1


def shout(value):
    return value.upper()


def hand_on(value):
    return shout(value)


def start(coroutine):
    return asyncio.create_task(coroutine)


def keep(coroutine):
    tasks.append(coroutine)


def later(value):
    if inspect.isawaitable(value):
        return value
    return value + 1


def replaced(value):
    value = 1
    return value + 1


async def wait(coroutine):
    return await coroutine


class Holder:
    def __init__(self, value):
        self.total = value + 1


@app.get("/")
async def read(session: AsyncSession):
    shout(load())  # told: {COROUTINE}
    hand_on(load())  # told: {COROUTINE}
    hand_on(value=load())  # told: {COROUTINE}
    Holder(load())  # told: {COROUTINE}
    json.loads(load())  # told: {COROUTINE}
    session.add(load())  # told: {COROUTINE}
    start(load())
    keep(load())
    later(load())
    replaced(load())
    await wait(load())
    await asyncio.wait_for(load(), 1)
    asyncio.get_running_loop().create_task(load())
""",
    "a coroutine taken for its value": f"""
import asyncio
import json

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

app = FastAPI()


class Room(BaseModel):
    name: str
    members: list[str] = []
    later: object = None


async def is_member(user: int, room: int) -> bool:
    return user == room


async def names(room: int = 1) -> list[str]:
    return ["a"]


def label(name: str) -> str:
    return name


def start(coroutine):
    return asyncio.ensure_future(coroutine)


@app.get("/conditions")
async def conditions(user: int, room: int):
    if is_member(user, room):  # told: {COROUTINE}
        raise HTTPException(403)
    if not is_member(user, room):  # told: {COROUTINE}
        raise HTTPException(403)
    if user and is_member(user, room):  # told: {COROUTINE}
        return 1
    while is_member(user, room):  # told: {COROUTINE}
        pass
    assert is_member(user, room)  # told: {COROUTINE}
    one = 1 if is_member(user, room) else 2  # told: {COROUTINE}
    both = is_member(user, room) or names()  # told: {COROUTINE}
    await both
    if (member := is_member(user, room)):  # told: {COROUTINE}
        return await member
    return one


@app.get("/values")
async def values(user: int, session: AsyncSession):
    for name in names():  # told: {COROUTINE}
        print(name)
    text = f"{{names()}}"  # told: {COROUTINE}
    text += "a" + names()  # told: {COROUTINE}
    first, second = names()  # told: {COROUTINE}
    if user in names() or names() == []:  # told: {COROUTINE}
        return len(names())  # told: {COROUTINE}
    found = await session.execute(text).scalars()  # told: {COROUTINE}
    room = Room(name=label(names()))  # told: {COROUTINE}
    other = Room(name="a", members=names())  # told: {COROUTINE}
    held = is_member(user, 1)  # told: {COROUTINE}
    if not held:
        raise HTTPException(403)
    async with names() as several:  # told: {COROUTINE}
        print(several)
    if any(is_member(item, 1) for item in range(3)):  # told: {COROUTINE}
        return json.dumps({{"names": names()}})  # told: {COROUTINE}
    wanted = [item for item in range(3) if is_member(item, 1)]  # told: {COROUTINE}
    return {{"n": names(), "m": [names()], "room": room, "all": [names(item) for item in wanted]}}  # told: {COROUTINE}


@app.get("/answer")
async def answer(room: int):
    if room:
        return names(room)  # told: {COROUTINE}
    return JSONResponse(content={{"names": names()}})  # told: {COROUTINE}


@app.get("/right")
async def right(user: int, session: AsyncSession):
    if await is_member(user, 1) or not await names():
        return 1
    one, two = await asyncio.gather(names(), is_member(user, 1))
    tasks = {{"a": names(), "b": is_member(user, 2)}}
    await asyncio.gather(*tasks.values())
    several = [is_member(item, 1) for item in range(3)]
    waiting = len(several)
    results = [await item for item in several]
    later = names() if user else is_member(user, 1)
    pending = names()
    if pending is not None:
        await pending
    task = start(names())
    task.add_done_callback(print)
    names().close()
    room = Room(name=label((await names())[0]), later=names())
    result = await session.execute("a")
    return [one, two, await later, waiting, results, room, result.scalars(), await asyncio.wait_for(names(), 1)]


def made(user: int):
    return {{"names": names(), "member": is_member(user, 1)}}
### worker.py
import asyncio


async def main():
    return 1


if __name__ == "__main__":
    main()  # told: {COROUTINE}
    asyncio.run(main())
""",
    "a coroutine of a class whose heirs may have none": f"""
from fastapi import FastAPI
from abc import ABC, abstractmethod

app = FastAPI()


class Emitter:
    async def emit(self):
        pass

    async def send(self):
        pass


class SocketEmitter(Emitter):
    def emit(self):
        print()

    async def send(self):
        pass


@app.get("/")
async def read(emitter: Emitter, socket: SocketEmitter):
    emitter.emit()
    socket.emit()
    emitter.send()  # told: {COROUTINE}
    socket.send()  # told: {COROUTINE}
""",
    "commands that give no coroutine": f"""
import redis.asyncio as redis
from fastapi import FastAPI, WebSocket
from sqlalchemy.ext.asyncio import AsyncSession

app = FastAPI()
client = redis.Redis()


@app.get("/")
async def read(session: AsyncSession, item: int):
    async for key in client.scan_iter():
        print(key)
    async with client.lock("a"), client.pipeline() as pipeline:
        pipeline.set("a", 1)
    script = client.register_script("return 1")
    session.add(item)
    session.commit()  # told: {COROUTINE}
    if client.exists("a"):  # told: {COROUTINE}
        return script
    async with session.begin():
        return None


@app.websocket("/ws")
async def serve(socket: WebSocket):
    await socket.accept()
    socket.send_text("a")  # told: {COROUTINE}
    async for text in socket.iter_text():
        await socket.send_text(text)
""",
    "routes of the project's own decorators": f"""
import functools
import time

from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter()


def protected(method, path, scopes):
    def decorate(function):
        return method(path, tags=scopes)(function)
    return decorate


def timed(path, *, methods=("GET",)):
    def decorate(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            return await function(*args, **kwargs)
        router.add_api_route(path, wrapper, methods=methods)
        return function
    return decorate


def answered(path):
    def decorate(function):
        @router.post(path)
        async def answer(text: str):
            return await function(text)
        return answer
    return decorate


def home(function):
    app.add_api_route("/", function)
    return function


def add(target, path, endpoint):
    target.add_api_route(path, endpoint)


class Api:
    def __init__(self):
        self.router = APIRouter()

    def read(self, path):
        def decorate(function):
            self.router.get(path)(function)
            return function
        return decorate


def command(name):
    def decorate(function):
        COMMANDS.get(name)(function)
        return function
    return decorate


def logged(function):
    @functools.wraps(function)
    async def wrapper(*args):
        return await function(*args)
    return wrapper


api = Api()
COMMANDS = {{}}


@protected(router.put, "/one", ["a"])
async def one():
    time.sleep(1)  # told: {BLOCKING}


@timed("/two")
async def two():
    time.sleep(1)  # told: {BLOCKING}


@answered("/three")
async def three(text):
    time.sleep(1)  # told: {BLOCKING}


@home
async def four():
    time.sleep(1)  # told: {BLOCKING}


async def five():
    time.sleep(1)  # told: {BLOCKING}


add(router, "/five", five)


@api.read("/six")
async def six():
    time.sleep(1)  # told: {BLOCKING}


async def seven():
    time.sleep(1)  # told: {BLOCKING}


router.get("/seven")(seven)


@protected(router.websocket, "/eight", [])
async def eight(socket):
    time.sleep(1)  # told: {SOCKET}


@protected(router.get, "/plain", [])
def plain():
    time.sleep(1)


@command("import")
async def import_all():
    time.sleep(1)


@logged
async def other():
    time.sleep(1)
""",
    "loops and jobs on the event loop": f"""
import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI
from fastapi_utils.tasks import repeat_every

from consumer import Consumer

scheduler = AsyncIOScheduler()
threads = BackgroundScheduler()


async def poll():
    while True:
        time.sleep(1)  # told: {TASK}


async def watch():
    while True:
        time.sleep(1)  # told: {TASK}


async def clean():
    time.sleep(1)  # told: {TASK}


async def report():
    time.sleep(1)  # told: {TASK}


async def once():
    time.sleep(1)


async def first():
    time.sleep(1)  # told: {TASK}


async def second():
    time.sleep(0.001)
    time.sleep(1)  # told: {TASK}


async def third():
    while True:
        time.sleep(1)  # told: {TASK}


async def warm_up():
    time.sleep(1)


def in_thread():
    time.sleep(1)


@scheduler.scheduled_job("interval", seconds=5)
async def collect():
    time.sleep(1)  # told: {TASK}


def start_for_ever(function: Callable[[], Coroutine]):
    return asyncio.create_task(restarted(function))


async def restarted(function: Callable[[], Coroutine]):
    while True:
        await function()


def spawn(coroutine):
    return asyncio.create_task(coroutine)


@asynccontextmanager
async def lifespan(app: FastAPI):
    await warm_up()
    await asyncio.gather(warm_up(), warm_up())
    consumer = Consumer()
    await consumer.start()
    tasks = [asyncio.create_task(poll()), start_for_ever(first), start_for_ever(second), spawn(third())]
    tasks.append(asyncio.create_task(once()))
    tasks.append(asyncio.ensure_future(asyncio.gather(watch(), watch())))
    scheduler.add_job(clean, "interval", minutes=1)
    scheduler.add_job(in_thread, "interval", minutes=1)
    scheduler.add_job(once)
    threads.add_job(in_thread, "interval", minutes=1)
    yield
    for task in tasks:
        task.cancel()


app = FastAPI(lifespan=lifespan)
scheduler.add_job(func=report, trigger="cron", hour=1)


@app.on_event("startup")
@repeat_every(seconds=60)
async def refresh():
    time.sleep(1)  # told: {TASK}


@app.on_event("startup")
@repeat_every(seconds=60)
def refresh_in_thread():
    time.sleep(1)
### consumer.py
import asyncio
import time

from aio_pika import connect_robust
from aiokafka import AIOKafkaConsumer


class Consumer:
    async def start(self):
        time.sleep(1)
        self.kafka = AIOKafkaConsumer("orders")
        await self.kafka.start()
        self.task = asyncio.create_task(self._consume())
        connection = await connect_robust("amqp://")
        channel = await connection.channel()
        queue = await channel.declare_queue("orders")
        await queue.consume(self.on_message)

    async def _consume(self):
        async for message in self.kafka:
            self.handle(message)  # told: {TASK}

    def handle(self, message):
        time.sleep(1)

    async def on_message(self, message):
        time.sleep(1)  # told: {TASK}
""",
    "functions that other libraries call": f"""
import time

import socketio
import strawberry
from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager
from mcp.server.fastmcp import FastMCP
from sqladmin.authentication import AuthenticationBackend
from sqlalchemy.orm import Session
from starlette.authentication import AuthenticationBackend as Authentication
from strawberry.fastapi import GraphQLRouter

app = FastAPI()
sio = socketio.AsyncServer(async_mode="asgi")
mcp = FastMCP("tools")
app.mount("/mcp", mcp.streamable_http_app())


@sio.on("message")
async def on_message(sid, data):
    time.sleep(1)  # told: {BLOCKING}


@sio.event
def connect(sid, environ):
    time.sleep(1)  # told: {BLOCKING}


async def on_leave(sid):
    time.sleep(1)  # told: {BLOCKING}


sio.on("leave", on_leave)


class Chat(socketio.AsyncNamespace):
    async def on_join(self, sid, room):
        time.sleep(1)  # told: {BLOCKING}

    def helper(self):
        time.sleep(1)


class AdminAuth(AuthenticationBackend):
    async def login(self, request) -> bool:
        time.sleep(1)  # told: {BLOCKING}
        return True

    async def other(self):
        time.sleep(1)


class Tokens(Authentication):
    async def authenticate(self, conn):
        time.sleep(1)  # told: {MIDDLEWARE}


class Own:
    async def login(self, request):
        time.sleep(1)


class UserManager(BaseUserManager[dict, int]):
    async def on_after_register(self, user, request=None):
        self.greet(user)  # told: {BLOCKING}

    def greet(self, user):
        time.sleep(1)


@strawberry.type
class Query:
    @strawberry.field
    def users(self) -> list[str]:
        time.sleep(1)  # told: {BLOCKING}
        return []

    @strawberry.field()
    async def user(self, number: int) -> str:
        time.sleep(1)  # told: {BLOCKING}
        return "a"

    def plain(self):
        time.sleep(1)


async def get_context():
    time.sleep(1)  # told: {BLOCKING}


app.include_router(GraphQLRouter(strawberry.Schema(Query), context_getter=get_context))


@mcp.tool()
async def search(text: str, session: Session) -> str:
    session.commit()  # told: {SESSION}
    time.sleep(1)  # told: {BLOCKING}
    return text


@mcp.tool()
def search_in_thread(text: str) -> str:
    time.sleep(1)
    return text
""",
    "tools that no application serves": """
import time

from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP

app = FastAPI()
mcp = FastMCP("tools")


@mcp.tool()
async def search(text: str) -> str:
    time.sleep(1)
    return text


mcp.run()
""",
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES)

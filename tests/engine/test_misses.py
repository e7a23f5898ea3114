"""What is easily passed over, beside what is right: coroutines, and what runs on the event loop."""

import pytest
from marked import marks, told

COROUTINE = "performance/coroutine-not-awaited"
CAUSES = (COROUTINE,)

SOURCES = {
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
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_told_is_what_is_wrong(name, tmp_path, catalog):
    assert marks(SOURCES[name]) == told(SOURCES[name], tmp_path, catalog, CAUSES)

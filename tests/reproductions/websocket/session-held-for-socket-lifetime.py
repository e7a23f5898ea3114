"""Fifteen open WebSockets hold all connections of the pool, though none of them does anything."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/topics", "endpoint": "topics"}
WRONG = {
    "a bigger pool": [
        ('"sqlite+aiosqlite:///app.db"))', '"sqlite+aiosqlite:///app.db"), pool_size=50)'),
    ],
    "no pool": [
        ('"sqlite+aiosqlite:///app.db"))', '"sqlite+aiosqlite:///app.db"), poolclass=NullPool)'),
        ("from sqlalchemy import select", "from sqlalchemy import NullPool, select"),
    ],
    "the session opened in the endpoint": [
        ("(websocket: WebSocket, session: Annotated[AsyncSession, Depends(get_session)])", "(websocket: WebSocket)"),
        (
            """    async for name in websocket.iter_text():
        topic = await session.scalar(select(Room.topic).where(Room.name == name))
        await websocket.send_text(topic or "unknown")
""",
            """    async with SessionFactory() as session:
        async for name in websocket.iter_text():
            topic = await session.scalar(select(Room.topic).where(Room.name == name))
            await websocket.send_text(topic or "unknown")
""",
        ),
    ],
}

# --- broken ---
import os
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, WebSocket
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

router = APIRouter()
engine = create_async_engine(os.environ.get("DATABASE_URL", "sqlite+aiosqlite:///app.db"))
SessionFactory = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Room(Base):
    __tablename__ = "rooms"

    name: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[str]


async def get_session() -> AsyncIterator[AsyncSession]:
    async with SessionFactory() as session:
        yield session


@router.websocket("/topics")
async def topics(websocket: WebSocket, session: Annotated[AsyncSession, Depends(get_session)]) -> None:
    await websocket.accept()
    async for name in websocket.iter_text():
        topic = await session.scalar(select(Room.topic).where(Room.name == name))
        await websocket.send_text(topic or "unknown")


# --- application ---
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import event

held: set[int] = set()  # the connections in use, whatever the pool


@event.listens_for(engine.sync_engine, "checkout")
def take(connection, record, proxy) -> None:
    held.add(id(record))


@event.listens_for(engine.sync_engine, "checkin")
def give_back(connection, record) -> None:
    held.discard(id(record))


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(Room.__table__.insert(), {"name": "lobby", "topic": "tea"})
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(router)


@app.get("/checked-out")
async def checked_out() -> int:
    return len(held)


# --- check ---
def check(bench: Bench) -> None:
    from contextlib import ExitStack

    from websockets.sync.client import connect

    from troubleshoot.testing import get

    with bench.server() as server, ExitStack() as stack:
        clients = []
        for _ in range(16):
            client = stack.enter_context(connect(server.ws("/topics"), ping_interval=None, close_timeout=0.1))
            client.send("lobby")
            clients.append(client)
        for client in clients[:15]:
            assert client.recv(timeout=5) == "tea"
        try:
            last = clients[15].recv(timeout=5 if bench.fixed else 1)
        except TimeoutError:
            last = "no answer"
        held = get(server.url("/checked-out"))[2]
        if not bench.fixed:
            assert held == "15"
        assert last == "tea"
        assert held == "0"

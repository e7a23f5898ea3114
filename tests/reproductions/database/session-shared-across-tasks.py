"""Two coroutines run together on the session of the request, and the session refuses the second one."""

import sqlite3

from troubleshoot.testing import Bench, get

PARAMETERS = {"url": "sqlite+aiosqlite:///app.db"}
GATHER = "    users, orders = await asyncio.gather(count(session, User), count(session, Order))\n"
WRONG = {
    "a larger pool": [('app.db")', 'app.db", pool_size=50)')],
    "create_task instead of gather": [
        (
            GATHER,
            """    tasks = [asyncio.create_task(count(session, model)) for model in (User, Order)]
    users, orders = [await task for task in tasks]
""",
        )
    ],
    "giving way before each query": [
        ("    return await session.scalar(", "    await asyncio.sleep(0)\n    return await session.scalar("),
    ],
    "the exceptions in place of the results": [
        (GATHER, GATHER.replace("Order))", "Order), return_exceptions=True)")),
    ],
}

# --- broken ---
import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("sqlite+aiosqlite:///app.db")
SessionFactory = async_sessionmaker(engine, expire_on_commit=False)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)


class Counts(BaseModel):
    users: int
    orders: int


async def get_session() -> AsyncIterator[AsyncSession]:
    async with SessionFactory() as session:
        yield session


async def count(session: AsyncSession, model: type[Base]) -> int:
    return await session.scalar(select(func.count()).select_from(model)) or 0


@router.get("/dashboard")
async def dashboard(session: Annotated[AsyncSession, Depends(get_session)]) -> Counts:
    users, orders = await asyncio.gather(count(session, User), count(session, Order))
    return Counts(users=users, orders=orders)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with sqlite3.connect(bench.folder / "app.db") as connection:
        connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO users VALUES (1), (2)")
        connection.execute("INSERT INTO orders VALUES (1), (2), (3)")
    connection.close()
    with bench.server() as server:
        answers = [get(server.url("/dashboard")) for _ in range(3)]
    assert "concurrent operations are not permitted" not in server.log, server.log
    assert [(status, body) for status, _, body in answers] == [(200, '{"users":2,"orders":3}')] * 3

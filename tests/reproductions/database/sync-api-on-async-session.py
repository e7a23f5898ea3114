"""Calls on an async session without await: results are coroutines, and a commit is never carried out."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"url": "sqlite+aiosqlite:///app.db"}
COMMIT = "    session.commit()\n"
QUERY = "    return session.scalars(select(Item).order_by(Item.id).limit(100)).all()\n"
AWAITED = "    return (await session.scalars(select(Item).order_by(Item.id).limit(100))).all()\n"
WRONG = {
    "await before the whole chain": [
        (COMMIT, "    await session.commit()\n"),
        (QUERY, QUERY.replace("return", "return await")),
    ],
    "flush instead of commit": [(COMMIT, "    await session.flush()\n"), (QUERY, AWAITED)],
    "the commit called in a thread": [
        (COMMIT, "    await asyncio.to_thread(session.commit)\n"),
        (QUERY, AWAITED),
        ("from collections.abc", "import asyncio\nfrom collections.abc"),
    ],
}

# --- broken ---
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("sqlite+aiosqlite:///app.db")
SessionFactory = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class ItemOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int | None
    name: str


async def get_session() -> AsyncIterator[AsyncSession]:
    async with SessionFactory() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.post("/items", status_code=201, response_model=ItemOut)
async def create_item(name: str, session: SessionDep) -> Item:
    item = Item(name=name)
    session.add(item)
    session.commit()
    return item


@app.get("/items", response_model=list[ItemOut])
async def list_items(session: SessionDep) -> Sequence[Item]:
    return session.scalars(select(Item).order_by(Item.id).limit(100)).all()


# --- application ---
from sqlalchemy import func


@app.get("/count")
async def count_items(session: SessionDep) -> int:
    return await session.scalar(select(func.count()).select_from(Item)) or 0


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/items?name=chair"), method="POST")[0] == 201
        count = get(server.url("/count"))[2]
        status, _, body = get(server.url("/items"))
    assert count == "1", "the commit was not carried out"
    assert "was never awaited" not in server.log, server.log
    assert (status, body) == (200, '[{"id":1,"name":"chair"}]')

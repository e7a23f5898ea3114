"""While one async endpoint waits in a synchronous query for a locked table, no other request is answered."""

import sqlite3

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"url": "sqlite+aiosqlite:///app.db", "sync_url": "sqlite:///app.db"}
QUERY = "    return session.scalars(select(Item).order_by(Item.id).limit(100)).all()\n"
FIRST = "from collections.abc import Iterator, Sequence\n"
WRONG = {
    "giving way before the query": [
        (QUERY, "    await asyncio.sleep(0)\n" + QUERY),
        (FIRST, "import asyncio\n" + FIRST),
    ],
    "an async def dependency": [
        ("def get_session() -> Iterator[Session]:", "async def get_session() -> AsyncIterator[Session]:"),
        (FIRST, "from collections.abc import AsyncIterator, Sequence\n"),
    ],
    "a task for the query": [
        (QUERY, "    return await asyncio.create_task(find_items(session))\n"),
        (
            "app = FastAPI()\n",
            "async def find_items(session: Session) -> Sequence[Item]:\n" + QUERY + "\n\napp = FastAPI()\n",
        ),
        (FIRST, "import asyncio\n" + FIRST),
    ],
}

# --- broken ---
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class ItemOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


app = FastAPI()


@app.get("/items", response_model=list[ItemOut])
async def list_items(session: Annotated[Session, Depends(get_session)]) -> Sequence[Item]:
    return session.scalars(select(Item).order_by(Item.id).limit(100)).all()


# --- application ---
from sqlalchemy import Engine, event


@event.listens_for(Engine, "before_cursor_execute")
def tell(connection, cursor, statement, *_):
    print("sends", statement.split()[0], flush=True)


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    blocker = sqlite3.connect(bench.folder / "app.db", isolation_level=None)
    blocker.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
    blocker.execute("INSERT INTO items (name) VALUES ('chair')")
    with bench.server() as server, ThreadPoolExecutor() as clients:
        expected = (200, '[{"id":1,"name":"chair"}]')
        first = get(server.url("/items"), seconds=30)
        blocker.execute("BEGIN EXCLUSIVE")  # from here on a reader has to wait, as in a busy database
        items = clients.submit(get, server.url("/items"), seconds=30)
        assert eventually(lambda: server.log.count("sends SELECT") == 2, seconds=20)
        health = clients.submit(get, server.url("/health"), seconds=30)
        meanwhile = eventually(health.done, seconds=4)
        blocker.execute("ROLLBACK")
        answers = [(status, body) for status, _, body in (first, items.result())]
    blocker.close()
    assert answers == [expected] * 2
    assert health.result()[0] == 200
    assert meanwhile, "another request had to wait for the query"

"""Four orders at once read the same stock and write the same number; four requests at once create the same item."""

from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, eventually, get, postgresql

WRONG = {
    "reading again before the write": [("    item.stock -= 1\n", "    session.refresh(item)\n    item.stock -= 1\n")],
    "a stricter isolation level": [
        (
            'create_engine(os.environ["DATABASE_URL"])',
            'create_engine(os.environ["DATABASE_URL"], isolation_level="SERIALIZABLE")',
        )
    ],
    "a commit in between": [("    item.stock -= 1\n", "    session.commit()\n    item.stock -= 1\n")],
}

# --- broken ---
import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine(os.environ["DATABASE_URL"])
SessionFactory = sessionmaker(engine)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    stock: Mapped[int] = mapped_column(default=0)


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]


@router.post("/items/{item_id}/take")
def take(item_id: int, session: SessionDependency) -> int:
    item = session.get_one(Item, item_id)
    if item.stock < 1:
        raise HTTPException(409, "Nothing left")
    item.stock -= 1
    session.commit()
    return item.stock


@router.put("/items/by-name/{name}")
def get_or_create(name: str, session: SessionDependency) -> int:
    item = session.scalar(select(Item).where(Item.name == name))
    if item is None:
        item = Item(name=name, stock=0)
        session.add(item)
        session.commit()
    return item.id


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)

# --- check ---


def check(bench: Bench) -> None:
    import psycopg

    requests = 4
    with postgresql(bench.folder) as url:
        env = {"DATABASE_URL": url.replace("postgresql:", "postgresql+psycopg:")}
        created = bench.run("-c", "from main import *; Base.metadata.create_all(engine)", env=env)
        assert created.returncode == 0, created.stderr
        with psycopg.connect(url, autocommit=True) as outside, psycopg.connect(url) as gate:
            outside.execute("INSERT INTO items (name, stock) VALUES ('lamp', 10)")
            with bench.server(env=env) as server, ThreadPoolExecutor(requests) as clients:

                def at_once(method: str, path: str, hold: str) -> list[int]:
                    """Send the requests while the row is taken, and let go when all of them wait for it."""
                    gate.execute(hold)
                    sent = [clients.submit(get, server.url(path), method=method) for _ in range(requests)]
                    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    assert eventually(lambda: outside.execute(waiting).fetchone() == (requests,), 10), server.log
                    gate.rollback()
                    return sorted(answer.result()[0] for answer in sent)

                made = at_once("PUT", "/items/by-name/chair", "INSERT INTO items (name, stock) VALUES ('chair', 0)")
                taken = at_once("POST", "/items/1/take", "UPDATE items SET stock = 0 WHERE id = 1")
                (left,) = outside.execute("SELECT stock FROM items WHERE id = 1").fetchone() or (None,)
        assert (taken, left) == ([200] * requests, 10 - requests)
        assert made == [200] * requests

"""While one async endpoint waits in a synchronous query for a locked table, no other request is answered."""

import sqlite3
import threading
import time

from troubleshoot.testing import Bench, get

PARAMETERS = {"url": "sqlite+aiosqlite:///app.db", "sync_url": "sqlite:///app.db"}

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
@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    blocker = sqlite3.connect(bench.folder / "app.db", isolation_level=None, check_same_thread=False)
    blocker.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
    blocker.execute("INSERT INTO items (name) VALUES ('chair')")
    answers: list[tuple[int, str]] = []

    def ask() -> None:
        status, _, body = get(server.url("/items"))
        answers.append((status, body))

    with bench.server() as server:
        assert get(server.url("/items"))[0] == 200
        blocker.execute("BEGIN EXCLUSIVE")  # from here on a reader has to wait, as in a busy database
        asking = threading.Thread(target=ask)
        asking.start()
        release = threading.Timer(3.0, lambda: blocker.execute("ROLLBACK"))
        release.start()
        try:
            time.sleep(0.5)
            start = time.monotonic()
            assert get(server.url("/health"))[0] == 200
            waited = time.monotonic() - start
        finally:
            asking.join()
            release.join()
            blocker.close()
    assert answers == [(200, '[{"id":1,"name":"chair"}]')]
    assert waited < 1.0, f"another request waited {waited:.1f} s"

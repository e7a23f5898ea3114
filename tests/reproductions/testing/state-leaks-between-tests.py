"""Two tests write to one database file, so the second one finds the rows of the first."""

from troubleshoot.testing import Bench

BROKEN = """\
import pytest
from fastapi.testclient import TestClient

from main import app


@pytest.fixture
def client():
    with TestClient(app) as client:
        yield client
"""

FILES = {
    "main.py": """\
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///app.db")


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


Base.metadata.create_all(engine)


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]
app = FastAPI()


@app.post("/items/{name}")
def create(name: str, session: SessionDependency) -> int:
    item = Item(name=name)
    session.add(item)
    session.commit()
    return item.id


@app.get("/items")
def read_all(session: SessionDependency) -> list[str]:
    return list(session.scalars(select(Item.name)))
""",
    "test_items.py": """\
def test_an_item_is_created(client):
    assert client.post("/items/lamp").json() == 1


def test_there_is_nothing_at_first(client):
    assert client.get("/items").json() == []
""",
}


# --- check ---
def check(bench: Bench) -> None:
    def suite(*names: str) -> str:
        return bench.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *names).stdout

    assert "1 passed" in suite("test_items.py::test_there_is_nothing_at_first")
    together = suite("test_items.py")
    assert "assert ['lamp'] == []" not in together
    assert "2 passed" in together, together
    assert "2 passed" in suite("test_items.py")

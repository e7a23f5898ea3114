"""Two tests write to one database file, so the second one finds the rows of the first."""

from troubleshoot.testing import Bench

ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # whatever else is installed takes no part
FIXTURE = """@pytest.fixture
def client():
    with TestClient(app) as client:
        yield client
"""
WRONG = {
    "a rollback at the end of the fixture": [
        (
            FIXTURE,
            """@pytest.fixture
def client():
    with Session(engine) as session, TestClient(app) as client:
        app.dependency_overrides[get_session] = lambda: session
        yield client
        session.rollback()
""",
        ),
        ("from main import app\n", "from main import app, engine, get_session\n"),
        (
            "from fastapi.testclient import TestClient\n",
            "from fastapi.testclient import TestClient\nfrom sqlalchemy.orm import Session\n",
        ),
    ],
    "an empty database at the start of the session": [
        (
            FIXTURE,
            """@pytest.fixture(scope="session", autouse=True)
def tables():
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)


"""
            + FIXTURE,
        ),
        ("from main import app\n", "from main import Base, app, engine\n"),
    ],
    "a client for the session": [(FIXTURE, FIXTURE.replace("@pytest.fixture", '@pytest.fixture(scope="session")'))],
}

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
        return bench.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *names, seconds=120, env=ALONE).stdout

    if not bench.fixed:
        assert "1 passed" in suite("test_items.py::test_there_is_nothing_at_first")
    together = suite("test_items.py")
    assert "assert ['lamp'] == []" not in together
    assert "2 passed" in together, together
    assert "2 passed" in suite("test_items.py")

"""The tables are made in one thread; an endpoint in another thread finds an empty database."""

from troubleshoot.testing import Bench

CREATED = 'create_engine("sqlite:///:memory:", connect_args={"check_same_thread": False})\n'
IMPORT = ("import Session, sessionmaker\n", "import Session, sessionmaker\nfrom sqlalchemy.pool import QueuePool\n")
WRONG = {
    "an ordinary pool": [(CREATED, CREATED.replace("connect_args", "poolclass=QueuePool, connect_args")), IMPORT],
    "the shorter URL": [("sqlite:///:memory:", "sqlite://")],
    "a name without a shared cache": [
        (
            CREATED,
            CREATED.replace(":memory:", "file:tests?mode=memory&uri=true").replace(
                "connect_args", "poolclass=QueuePool, connect_args"
            ),
        ),
        IMPORT,
    ],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///:memory:", connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(engine, expire_on_commit=False)


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]

# --- application ---
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


app = FastAPI()


@app.get("/users")
def read_users(session: SessionDependency) -> list[str]:
    return list(session.scalars(select(User.name)))


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    main = bench.load()
    main.Base.metadata.create_all(main.engine)
    with main.SessionLocal.begin() as session:
        session.add(main.User(name="ada"))
    client = TestClient(main.app, raise_server_exceptions=False)
    with main.engine.connect():  # somebody else has a connection of the pool meanwhile
        response = client.get("/users")
    main.engine.dispose()
    assert response.status_code == 200
    assert response.json() == ["ada"]

"""create_all runs before the models are defined and creates nothing, so the first query finds no table."""

from troubleshoot.testing import Bench, get

LIST = "    return list(session.scalars(select(Item.name).order_by(Item.id).limit(100)))\n"
WRONG = {
    "create_all without looking first": [("create_all(engine)", "create_all(engine, checkfirst=False)")],
    "create_all in a startup event beside a lifespan": [
        (
            "app = FastAPI()\n",
            """@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")
def create_tables() -> None:
    Base.metadata.create_all(engine)
""",
        ),
        ("from typing", "from contextlib import asynccontextmanager\nfrom typing"),
    ],
    "all tables dropped and made anew at each start": [
        (
            "app = FastAPI()\n",
            "Base.metadata.drop_all(engine)\nBase.metadata.create_all(engine)\napp = FastAPI()\n",
        )
    ],
    "an empty list if the query fails": [
        (LIST, "    try:\n    " + LIST + "    except OperationalError:\n        return []\n"),
        ("from sqlalchemy.orm", "from sqlalchemy.exc import OperationalError\nfrom sqlalchemy.orm"),
    ],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


Base.metadata.create_all(engine)


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


app = FastAPI()


@app.get("/items")
def list_items(session: Annotated[Session, Depends(get_session)]) -> list[str]:
    return list(session.scalars(select(Item.name).order_by(Item.id).limit(100)))


# --- application ---
@app.post("/items")
def create_item(session: Annotated[Session, Depends(get_session)]) -> None:
    session.add(Item(name="lamp"))
    session.commit()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        created = get(server.url("/items"), method="POST")[0]
        assert "no such table" not in server.log, server.log
        assert created == 200
    with bench.server() as server:
        status, _, body = get(server.url("/items"))
    assert (status, body) == (200, '["lamp"]'), "what was there is gone after a restart"

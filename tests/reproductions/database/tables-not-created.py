"""create_all runs before the models are defined and creates nothing, so the first query finds no table."""

from troubleshoot.testing import Bench, get

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
# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, _, body = get(server.url("/items"))
    assert "no such table" not in server.log, server.log
    assert (status, body) == (200, "[]")

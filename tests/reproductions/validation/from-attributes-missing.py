"""Database objects are put into a page; the model may not read attributes and refuses them."""

from troubleshoot.testing import Bench, get

WRONG = {
    "orm_mode, as Pydantic 1 called it": [
        ("class ItemOut(BaseModel):\n", "class ItemOut(BaseModel):\n    class Config:\n        orm_mode = True\n\n"),
    ],
    "from_attributes on the page alone": [
        ("class Page(BaseModel):\n", "class Page(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n"),
        ("from pydantic import BaseModel", "from pydantic import BaseModel, ConfigDict"),
    ],
    "the instance's __dict__": [("ItemOut.model_validate(row)", "ItemOut(**row.__dict__)")],
    "arbitrary_types_allowed": [
        (
            "class ItemOut(BaseModel):\n",
            "class ItemOut(BaseModel):\n    model_config = ConfigDict(arbitrary_types_allowed=True)\n",
        ),
        ("from pydantic import BaseModel", "from pydantic import BaseModel, ConfigDict"),
    ],
}

# --- broken ---
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class ItemOut(BaseModel):
    id: int
    name: str


class Page(BaseModel):
    total: int
    items: list[ItemOut]


def as_page(rows: list[Item]) -> Page:
    return Page(total=len(rows), items=[ItemOut.model_validate(row) for row in rows])


# --- application ---
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///app.db")
Base.metadata.drop_all(engine)
Base.metadata.create_all(engine)
with Session(engine) as session, session.begin():
    session.add(Item(name="lamp"))
app = FastAPI()


@app.get("/items/{item_id}", response_model=ItemOut)
def read_one(item_id: int):
    with Session(engine) as session:
        return session.get(Item, item_id)


@app.get("/items")
def read_page() -> Page:
    with Session(engine) as session:
        return as_page(list(session.scalars(select(Item))))


@app.get("/committed")
def read_committed() -> Page:
    with Session(engine) as session:
        rows = list(session.scalars(select(Item)))
        session.commit()  # expires what the objects hold, until somebody asks for it
        return as_page(rows)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        # FastAPI itself reads attributes, which is why the mistake goes unnoticed for long.
        assert get(server.url("/items/1"))[0] == 200
        status, _, body = get(server.url("/items"))
        assert "Input should be a valid dictionary" not in server.log
        committed = get(server.url("/committed"))
    assert (status, body) == (200, '{"total":1,"items":[{"id":1,"name":"lamp"}]}')
    assert (committed[0], committed[2]) == (status, body)

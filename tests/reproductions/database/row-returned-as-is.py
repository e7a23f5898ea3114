"""The result of scalars() goes out with its insides, rows of execute() cannot be encoded, None is answered with 200."""

from troubleshoot.testing import Bench, get

FILES = {
    "models.py": """
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_engine("sqlite:///app.db")


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
"""
}
ONE = "return session.execute(select(Item).where(Item.id == item_id)).first()"
WRONG = {
    "jsonable_encoder": [
        (
            "    return session.scalars(select(Item).limit(100))\n",
            "    return jsonable_encoder(session.scalars(select(Item).limit(100)))\n",
        ),
        ("group_by(Item.name)).all()", "group_by(Item.name)).mappings().all()"),
        (ONE, "return jsonable_encoder(session.scalars(select(Item).where(Item.id == item_id)).first())"),
        (
            "from sqlalchemy import func, select\n",
            "from fastapi.encoders import jsonable_encoder\nfrom sqlalchemy import func, select\n",
        ),
    ],
    "all() on the rows, and dict() around each": [
        (
            "    return session.scalars(select(Item).limit(100))\n",
            "    return session.execute(select(Item).limit(100)).all()\n",
        ),
        (
            "    return session.execute(select(Item.name, func.count()).group_by(Item.name)).all()\n",
            "    return [dict(row) for row in session.execute(select(Item.name, func.count()).group_by(Item.name))]\n",
        ),
    ],
    "_asdict() for each row": [
        (
            "    return session.scalars(select(Item).limit(100))\n",
            "    return [row._asdict() for row in session.execute(select(Item).limit(100))]\n",
        ),
        (
            "    return session.execute(select(Item.name, func.count()).group_by(Item.name)).all()\n",
            "    return [row._asdict() for row in session.execute(select(Item.name, func.count()).group_by(Item.name))]\n",
        ),
        (ONE, "return session.execute(select(Item).where(Item.id == item_id)).first()._asdict()"),
    ],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Item, engine

router = APIRouter()


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]


@router.get("/items")
def read_all(session: SessionDependency):
    return session.scalars(select(Item).limit(100))


@router.get("/items/count")
def count(session: SessionDependency):
    return session.execute(select(Item.name, func.count()).group_by(Item.name)).all()


@router.get("/items/{item_id}")
def read_one(item_id: int, session: SessionDependency):
    return session.execute(select(Item).where(Item.id == item_id)).first()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    create = (
        "from models import *; from sqlalchemy.orm import Session; Base.metadata.create_all(engine);"
        "s = Session(engine); s.add_all([Item(name='lamp'), Item(name='lamp')]); s.commit()"
    )
    assert bench.run("-c", create).returncode == 0
    with bench.server() as server:
        every, counted, one, none = (
            get(server.url(path)) for path in ("/items", "/items/count", "/items/1", "/items/9")
        )
    if not bench.fixed:
        assert (every[0], list(json.loads(every[2]))[0]) == (200, "_row_getter")
        assert "cannot convert dictionary update sequence element #0 to a sequence" in server.log
    assert (counted[0], one[0], none[0]) == (200, 200, 404), server.log
    assert json.loads(every[2]) == [{"id": 1, "name": "lamp"}, {"id": 2, "name": "lamp"}]
    assert json.loads(counted[2]) == [{"name": "lamp", "count": 2}]
    assert json.loads(one[2]) == {"id": 1, "name": "lamp"}

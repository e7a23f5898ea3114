"""A row that is only flushed has an id and is returned, but the next request does not find it."""

import json
import urllib.error
import urllib.request

from troubleshoot.testing import Bench, get

WRONG = {
    "refresh() after the flush": [("    session.flush()\n", "    session.flush()\n    session.refresh(item)\n")],
    "expire_on_commit=False": [("sessionmaker(engine)", "sessionmaker(engine, expire_on_commit=False)")],
    "a savepoint around it": [("    session.flush()\n", "    with session.begin_nested():\n        session.flush()\n")],
    "each statement committed by itself": [('app.db")', 'app.db", isolation_level="AUTOCOMMIT")')],
    "a commit behind the yield": [("        yield session\n", "        yield session\n        session.commit()\n")],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class ItemIn(BaseModel):
    name: str


class ItemOut(ItemIn):
    model_config = ConfigDict(from_attributes=True)

    id: int


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


@router.post("/items", status_code=201, response_model=ItemOut)
def create_item(data: ItemIn, session: Annotated[Session, Depends(get_session)]) -> Item:
    item = Item(name=data.name)
    session.add(item)
    session.flush()
    return item


# --- application ---
from fastapi import FastAPI, HTTPException
from sqlalchemy import event, insert, select

app = FastAPI()
app.include_router(router)
Base.metadata.create_all(engine)


@event.listens_for(SessionFactory, "before_commit")
def refuse(session: Session) -> None:
    if any(item.name == "too late" for item in (*session.new, *session.identity_map.values())):
        raise ValueError("the commit fails")


@app.post("/half")
def half(session: Annotated[Session, Depends(get_session)]) -> None:
    session.execute(insert(Item).values(name="half"))
    raise HTTPException(400)


@app.get("/names")
def names(session: Annotated[Session, Depends(get_session)]) -> list[str]:
    return list(session.scalars(select(Item.name)))


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        request = urllib.request.Request(
            server.url("/items"), data=b'{"name": "chair"}', headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as response:
            assert json.load(response) == {"name": "chair", "id": 1}
        assert get(server.url("/names"))[2] == '["chair"]', "the row that was answered with 201 is not there"
        assert get(server.url("/half"), method="POST")[0] == 400
        assert get(server.url("/names"))[2] == '["chair"]', "half of the work of a request that failed is there"
        request.data = b'{"name": "too late"}'
        try:
            status = urllib.request.urlopen(request).status
        except urllib.error.HTTPError as error:
            status = error.code
        assert status == 500, "the client is told that what could not be committed is stored"

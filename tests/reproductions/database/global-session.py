"""All requests share one session, so the commit of one stores what another had given up."""

from troubleshoot.testing import Bench, get

# --- broken ---
from fastapi import APIRouter, HTTPException
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
session = SessionFactory()
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@router.post("/items", status_code=201)
def create_item(name: str) -> int:
    item = Item(name=name)
    session.add(item)
    session.flush()
    if not name.isprintable():
        raise HTTPException(400, "the name has characters that cannot be printed")
    session.commit()
    return item.id


# --- application ---
from fastapi import FastAPI
from sqlalchemy import select

app = FastAPI()
app.include_router(router)
Base.metadata.create_all(engine)


@app.get("/names")
def names() -> list[str]:
    with SessionFactory() as own:
        return list(own.scalars(select(Item.name).order_by(Item.id)))


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/items?name=refused%07"), method="POST")[0] == 400
        assert get(server.url("/items?name=chair"), method="POST")[0] == 201
        stored = get(server.url("/names"))[2]
    assert stored == '["chair"]', f"the refused item has been stored as well: {stored}"

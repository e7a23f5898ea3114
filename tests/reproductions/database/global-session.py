"""All requests share one session, so one request stores, throws away or disturbs the work of another."""

from troubleshoot.testing import Bench, eventually, get

BODY = """    item = Item(name=name)
    session.add(item)
    session.flush()
    if not name.isprintable():
        raise HTTPException(400, "the name has characters that cannot be printed")
    session.commit()
    return item.id
"""
ROLLED_BACK = """    try:
        item = Item(name=name)
        session.add(item)
        session.flush()
        if not name.isprintable():
            raise HTTPException(400, "the name has characters that cannot be printed")
        session.commit()
        return item.id
    except Exception:
        session.rollback()
        raise
"""
WRONG = {
    "a rollback after each error": [(BODY, ROLLED_BACK)],
    "a lock around the session as well": [
        (BODY, "    with lock:\n" + ROLLED_BACK.replace("    ", "        ", 1).replace("\n    ", "\n        ")),
        ("router = APIRouter()", "router = APIRouter()\nlock = threading.Lock()"),
        ("from fastapi import APIRouter", "import threading\n\nfrom fastapi import APIRouter"),
    ],
    "scoped_session": [
        ("session = SessionFactory()", "session = scoped_session(SessionFactory)"),
        ("mapped_column, sessionmaker", "mapped_column, scoped_session, sessionmaker"),
    ],
}

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
import threading

from fastapi import FastAPI
from sqlalchemy import event, select

app = FastAPI()
app.include_router(router)
Base.metadata.create_all(engine)
held, released = threading.Event(), threading.Event()


@event.listens_for(SessionFactory, "before_flush")
def hold(session, flush_context, instances) -> None:
    """Keep the request that stores a table waiting before it writes anything."""
    if any(item.name == "table" for item in session.new):
        held.set()
        released.wait(20)


@app.get("/held")
def tell_held() -> bool:
    return held.is_set()


@app.post("/release")
def release() -> None:
    released.set()


@app.get("/names")
def names() -> list[str]:
    with SessionFactory() as own:
        return list(own.scalars(select(Item.name).order_by(Item.id)))


# --- check ---
def check(bench: Bench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:

        def create(name: str, seconds: float = 30) -> int:
            try:
                return get(server.url(f"/items?name={name}"), method="POST", seconds=seconds)[0]
            except TimeoutError:
                return 0

        assert create("refused%07") == 400
        assert create("chair") == 201
        stored = get(server.url("/names"))[2]
        assert stored == '["chair"]', f"the refused item has been stored as well: {stored}"

        table = clients.submit(create, "table")
        assert eventually(lambda: get(server.url("/held"))[2] == "true")
        meanwhile = create("refused%07", 8)
        get(server.url("/release"), method="POST")
        assert (meanwhile, table.result()) == (400, 201)
        assert get(server.url("/names"))[2] == '["chair","table"]', "the table of another request is gone"

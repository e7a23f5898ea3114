"""While a payment provider is called in the middle of a transaction, another request for the same row waits."""

import threading

from troubleshoot.testing import Bench, eventually, get, postgresql

# Short transactions, and a time-out is taken for "not paid": the customer pays again.
BACK_TO_NEW = """
import asyncio
import os

from fastapi import APIRouter, HTTPException
from sqlalchemy import update
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(os.environ["DATABASE_URL"])
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(default="new")
    note: Mapped[str] = mapped_column(default="")


async def call_payment_provider() -> bool:
    await asyncio.sleep(4)
    return True


async def change_status(order_id: int, old: str, new: str) -> bool:
    statement = update(Order).where(Order.id == order_id, Order.status == old).values(status=new).returning(Order.id)
    async with SessionLocal.begin() as session:
        return await session.scalar(statement) is not None


@router.post("/orders/{order_id}/pay")
async def pay_order(order_id: int) -> str:
    if not await change_status(order_id, "new", "paying"):
        raise HTTPException(409, "this order is not open")
    try:
        await call_payment_provider()
    except BaseException:
        await change_status(order_id, "paying", "new")
        raise
    await change_status(order_id, "paying", "paid")
    return "paid"
"""
WRONG = {
    "back to new after a time-out": BACK_TO_NEW,
    "no FOR UPDATE": [("session.get_one(Order, order_id, with_for_update=True)\n        if", "session.get_one(Order, order_id)\n        if")],
    "a lock time-out": [
        (
            'create_async_engine(os.environ["DATABASE_URL"])',
            'create_async_engine(os.environ["DATABASE_URL"], connect_args={"server_settings": {"lock_timeout": "500"}})',
        )
    ],
}  # fmt: skip

# --- broken ---
import asyncio
import os

from fastapi import APIRouter, HTTPException
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(os.environ["DATABASE_URL"])
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(default="new")
    note: Mapped[str] = mapped_column(default="")


async def call_payment_provider() -> bool:
    await asyncio.sleep(4)
    return True


@router.post("/orders/{order_id}/pay")
async def pay_order(order_id: int) -> str:
    async with SessionLocal.begin() as session:
        order = await session.get_one(Order, order_id, with_for_update=True)
        if order.status != "new":
            raise HTTPException(409, "this order is not open")
        if not await call_payment_provider():
            raise HTTPException(402, "the payment was declined")
        order.status = "paid"
    return "paid"


# --- application ---
from contextlib import asynccontextmanager

from fastapi import FastAPI

provider = {"mode": "slow"}
calls: list[str | None] = []
charged: list[str | None] = []
answered = asyncio.Event()


async def call_payment_provider(key: str | None = None) -> bool:
    """A provider that charges once for each key, and can be slow, decline, or lose its answer after it has charged."""
    mode = provider["mode"]
    calls.append(key)
    if mode == "slow":
        await answered.wait()
    if mode == "declines":
        return False
    if key is None or key not in charged:
        charged.append(key)
    if mode == "loses the answer":
        raise TimeoutError("no answer from the payment provider")
    return True


@asynccontextmanager
async def lifespan(app):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with SessionLocal.begin() as session:
        session.add_all(Order(id=number) for number in (1, 2, 3))
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
app.include_router(router)


@app.put("/orders/{order_id}/note")
async def write_note(order_id: int) -> None:
    async with SessionLocal.begin() as session:
        (await session.get_one(Order, order_id, with_for_update=True)).note = "call before delivery"


@app.get("/provider")
async def read_provider() -> dict[str, int]:
    return {"calls": len(calls), "charged": len(charged)}


@app.post("/provider/{mode}")
async def change_provider(mode: str) -> None:
    provider["mode"] = mode
    answered.set()


@app.post("/every-few-minutes")
async def every_few_minutes() -> None:
    if "settle_unfinished" in globals():
        await settle_unfinished()


# --- check ---
def check(bench: Bench) -> None:
    import json

    import psycopg

    sessions = "SELECT state FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    paid = []
    with postgresql(bench.folder) as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+asyncpg:")}
        with bench.server(env=environment) as server, psycopg.connect(url, autocommit=True) as admin:

            def post(path: str) -> int:
                return get(server.url(path), method="POST", seconds=30)[0]

            def provider() -> dict[str, int]:
                return json.loads(get(server.url("/provider"))[2])

            payment = threading.Thread(target=lambda: paid.append(post("/orders/1/pay")))
            payment.start()
            try:
                assert eventually(lambda: provider()["calls"] == 1)
                assert "idle in transaction" not in [state for (state,) in admin.execute(sessions)]
                assert get(server.url("/orders/1/note"), method="PUT")[0] == 200
                assert post("/orders/1/pay") == 409, "a second request pays the same order"
            finally:
                post("/provider/loses%20the%20answer")
                payment.join()
            assert paid == [200]

            assert post("/orders/2/pay") == 500
            post("/provider/accepts")
            post("/orders/2/pay")
            post("/every-few-minutes")
            assert provider()["charged"] == 2, "order 2 was charged more than once"

            post("/provider/declines")
            assert post("/orders/3/pay") == 402
            post("/provider/accepts")
            assert post("/orders/3/pay") == 200
            orders = admin.execute("SELECT status, note FROM orders ORDER BY id").fetchall()
            assert orders == [("paid", "call before delivery"), ("paid", ""), ("paid", "")]

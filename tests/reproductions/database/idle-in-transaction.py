"""While a payment provider is called in the middle of a transaction, another request for the same row waits."""

import threading

from troubleshoot.testing import Bench, eventually, get, postgresql

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


async def call_payment_provider() -> None:
    await asyncio.sleep(4)


@router.post("/orders/{order_id}/pay")
async def pay_order(order_id: int) -> str:
    async with SessionLocal.begin() as session:
        order = await session.get_one(Order, order_id, with_for_update=True)
        if order.status != "new":
            raise HTTPException(409, "this order is not open")
        await call_payment_provider()
        order.status = "paid"
    return "paid"


# --- application ---
from contextlib import asynccontextmanager

from fastapi import FastAPI

really_call_payment_provider = call_payment_provider


async def call_payment_provider() -> None:
    print("paying", flush=True)
    await really_call_payment_provider()


@asynccontextmanager
async def lifespan(app):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with SessionLocal.begin() as session:
        session.add(Order(id=1))
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
app.include_router(router)


@app.put("/orders/{order_id}/note")
async def write_note(order_id: int) -> None:
    async with SessionLocal.begin() as session:
        (await session.get_one(Order, order_id, with_for_update=True)).note = "call before delivery"


# --- check ---
def check(bench: Bench) -> None:
    import psycopg

    sessions = "SELECT state FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    paid = []
    with postgresql(bench.folder) as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+asyncpg:")}
        with bench.server(env=environment) as server, psycopg.connect(url, autocommit=True) as admin:
            payment = threading.Thread(target=lambda: paid.append(get(server.url("/orders/1/pay"), method="POST")))
            payment.start()
            assert eventually(lambda: "paying" in server.log)
            states = [state for (state,) in admin.execute(sessions)]
            note = get(server.url("/orders/1/note"), method="PUT")[0]
            still_paying = payment.is_alive()
            payment.join()
            status = admin.execute("SELECT status, note FROM orders").fetchone()
    assert note == 200
    assert [answer[0] for answer in paid] == [200]
    assert status == ("paid", "call before delivery")
    assert "idle in transaction" not in states
    assert still_paying

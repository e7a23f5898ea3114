"""Finding the few orders of one customer reads the whole table, so it gets slower as the table grows."""

import json
import sqlite3
import time

from troubleshoot.testing import Bench, get

# --- broken ---
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    created_at: Mapped[datetime]


class OrderOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    created_at: datetime


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


@router.get("/customers/{customer_id}/orders", response_model=list[OrderOut])
def list_orders(customer_id: int, session: Annotated[Session, Depends(get_session)]) -> Sequence[Order]:
    query = select(Order).where(Order.customer_id == customer_id).order_by(Order.created_at.desc()).limit(20)
    return session.scalars(query).all()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
Base.metadata.create_all(engine)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        connection = sqlite3.connect(bench.folder / "app.db")

        def grow(rows: int) -> None:
            with connection:
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                    "INSERT INTO orders (customer_id, created_at) "
                    "SELECT CASE WHEN i <= 3 THEN 0 ELSE i % 50000 + 1 END, '2026-01-01 00:00:00' FROM n",
                    (rows,),
                )

        def fastest() -> float:
            times = []
            for _ in range(7):
                start = time.monotonic()
                status, _, body = get(server.url("/customers/0/orders"))
                times.append(time.monotonic() - start)
                assert status == 200
                assert len(json.loads(body)) in (3, 6)
            return min(times)

        grow(500)
        before = fastest()
        grow(800_000)
        after = fastest()
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM orders WHERE customer_id = 0 ORDER BY created_at DESC LIMIT 20"
        ).fetchall()
        connection.close()
    assert after < 5 * before, f"{before * 1000:.1f} ms with 500 rows, {after * 1000:.1f} ms with 800,500"
    assert "SCAN" not in str(plan), plan

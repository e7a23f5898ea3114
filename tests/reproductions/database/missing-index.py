"""Finding the few orders of one customer reads the whole table, so it gets slower as the table grows."""

import json
import sqlite3

from troubleshoot.testing import Bench, get

WRONG = {
    "an index on the sorted column alone": [
        (
            "created_at: Mapped[datetime]\n\n\nclass OrderOut",
            "created_at: Mapped[datetime] = mapped_column(index=True)\n\n\nclass OrderOut",
        )
    ],
    "a smaller limit": [(".limit(20)", ".limit(10)")],
    "a larger pool": [('create_engine("sqlite:///app.db")', 'create_engine("sqlite:///app.db", pool_size=20)')],
}

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
from sqlalchemy import event

app = FastAPI()
app.include_router(router)
steps = 0


@event.listens_for(engine, "connect")
def count_steps(connection, record) -> None:
    """Count what the database does, in tens of its instructions."""

    def count() -> int:
        global steps
        steps += 1
        return 0

    connection.set_progress_handler(count, 10)


@app.get("/steps")
def read_steps() -> int:
    return steps


Base.metadata.create_all(engine)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        connection = sqlite3.connect(bench.folder / "app.db")

        def grow(rows: int) -> None:
            with connection:
                connection.execute(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                    "INSERT INTO orders (customer_id, created_at) "
                    "SELECT i % 1000 + 1, '2026-01-01 00:00:00' FROM n",
                    (rows,),
                )

        def costs() -> int:
            """How much the database does for the three orders of customer 0."""
            before = int(get(server.url("/steps"))[2])
            assert len(json.loads(get(server.url("/customers/0/orders"))[2])) == 3
            return int(get(server.url("/steps"))[2]) - before

        with connection:
            connection.execute(
                "INSERT INTO orders (customer_id, created_at) VALUES "
                "(0, '2025-01-01 00:00:00'), (0, '2025-01-02 00:00:00'), (0, '2025-01-03 00:00:00')"
            )
        grow(500)
        few = costs()
        grow(50_000)
        many = costs()
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM orders WHERE customer_id = 0 ORDER BY created_at DESC LIMIT 20"
        ).fetchall()
        connection.close()
    assert many < 5 * few + 20, f"{few} steps with 503 rows, {many} with 50,503"
    assert "SCAN" not in str(plan), plan
    assert "TEMP B-TREE" not in str(plan), "the orders of the customer are still sorted"

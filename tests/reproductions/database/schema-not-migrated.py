"""The model has a column more than the table that was made last week, and create_all leaves the table as it is."""

from troubleshoot.testing import Bench, get

BROKEN = '''"""A new migration with nothing in it."""

revision = "nothing"
down_revision = "0001"


def upgrade() -> None:
    pass
'''
ALEMBIC_INI = """
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = sqlite:///app.db
"""
ENV = """
from alembic import context
from sqlalchemy import create_engine

with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("items", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))
    op.execute("INSERT INTO items (name) VALUES ('lamp')")
"""
FILES = {"alembic.ini": ALEMBIC_INI, "migrations/env.py": ENV, "migrations/versions/first.py": FIRST}
MIGRATION = BROKEN.replace("    pass\n", "    {work}\n").replace(
    "\n\n\ndef", "\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n\ndef"
)
WRONG = {
    "create_all once more": MIGRATION.format(
        work="from main import Base\n\n    Base.metadata.create_all(op.get_bind())"
    ),
    "NOT NULL, and nothing for the rows that are there": MIGRATION.format(
        work='op.add_column("items", sa.Column("price", sa.Integer(), nullable=False))'
    ),
    "NULL, where the model wants a number": MIGRATION.format(
        work='op.add_column("items", sa.Column("price", sa.Integer()))'
    ),
}

# --- application ---
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    price: Mapped[int] = mapped_column(default=0)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    Base.metadata.create_all(engine)
    yield


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


app = FastAPI(lifespan=lifespan)


@app.get("/items")
def list_items(session: Annotated[Session, Depends(get_session)]) -> list[tuple[str, int]]:
    return [(item.name, item.price) for item in session.scalars(select(Item).limit(100))]


# --- check ---
def check(bench: Bench) -> None:
    import shutil

    shutil.move(bench.folder / "add_column.py", bench.folder / "migrations/versions/add_column.py")
    done = bench.run("-m", "alembic", "upgrade", "head")
    assert done.returncode == 0, done.stderr
    with bench.server() as server:
        status, _, body = get(server.url("/items"))
    if not bench.fixed:
        assert "no such column: items.price" in server.log
    assert (status, body) == (200, '[["lamp",0]]'), server.log

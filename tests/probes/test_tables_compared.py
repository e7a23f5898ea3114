"""The probe names the models it knows and what the database lacks, for both kinds of engine."""

import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench

APPLICATION = """
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = ENGINE


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[int]


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
"""
OLDER = "import sqlite3; sqlite3.connect('app.db').execute('CREATE TABLE items (id INTEGER PRIMARY KEY)')"
NEWER = "from models import Base, create_engine; Base.metadata.create_all(create_engine('sqlite:///app.db'))"


def compared(folder, engine: str, before: str) -> list[str]:
    content = find_content()
    names = {"engine": "models:engine", "base": "models:Base"}
    snippet = Renderer(content, load(content)).probe("tables-compared", names)
    (folder / snippet.file_name).write_text(snippet.text)
    (folder / "models.py").write_text(APPLICATION.replace("ENGINE", engine))
    bench = Bench(folder, fixed=False)
    bench.run("-c", before)
    done = bench.run(snippet.file_name)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "engine", ['create_engine("sqlite:///app.db")', 'create_async_engine("sqlite+aiosqlite:///app.db")']
)
def test_what_an_older_database_lacks_is_named(engine, tmp_path):
    _, *found = compared(tmp_path, engine, OLDER)
    assert found == ["known models: items, orders", "missing tables: orders", "missing columns: items.price"]


def test_a_database_that_fits_lacks_nothing(tmp_path):
    _, _, *found = compared(tmp_path, 'create_engine("sqlite:///app.db")', NEWER)
    assert found == ["missing tables: none", "missing columns: none"]

"""A small application with a database, and what must become of a mistake that is added to it."""

from tests.engine import patched

HEAD = """\
import asyncio
import os
import sqlite3
from functools import cache
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Query
from fastapi.concurrency import run_in_threadpool
from pymongo import MongoClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload, sessionmaker

app = FastAPI()
engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner = relationship("Owner")
    log = relationship("Log", lazy="dynamic")


"""


def assert_becomes(folder, cause, before, after):
    """Assert that the patches of a cause turn `before` into `after`, and nothing else."""
    patched.assert_becomes(folder, f"database/{cause}", patched.below(HEAD, before), patched.below(HEAD, after))


def assert_withheld(folder, cause, before):
    """Assert that a cause is seen, and that its patch says why it changes nothing."""
    patched.reasons_withheld(folder, f"database/{cause}", patched.below(HEAD, before))

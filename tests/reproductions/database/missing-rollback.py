"""After a refused row the session is not rolled back, so every row behind it fails as well."""

import json
import sqlite3
import urllib.error
import urllib.request

from troubleshoot.testing import Bench

SKIPPED = "            result.skipped.append(name)\n"
WRONG = {
    "rollback() of everything": [(SKIPPED, "            session.rollback()\n" + SKIPPED)],
    "expunging the refused object": [
        (SKIPPED, "            session.expunge_all()\n" + SKIPPED),
    ],
    "a broader except": [
        ("except IntegrityError:", "except SQLAlchemyError:"),
        ("import IntegrityError", "import SQLAlchemyError"),
    ],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class ImportResult(BaseModel):
    stored: list[str]
    skipped: list[str]


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


@router.post("/items")
def import_items(names: list[str], session: Annotated[Session, Depends(get_session)]) -> ImportResult:
    result = ImportResult(stored=[], skipped=[])
    for name in names:
        try:
            session.add(Item(name=name))
            session.flush()
        except IntegrityError:
            result.skipped.append(name)
        else:
            result.stored.append(name)
    session.commit()
    return result


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
Base.metadata.create_all(engine)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        request = urllib.request.Request(
            server.url("/items"), data=b'["chair", "chair", "table"]', headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request) as response:
                body = json.load(response)
        except urllib.error.HTTPError as error:
            body = f"{error.code} {error.read().decode()}"
            server.wait_for_log("PendingRollbackError")
    assert "PendingRollbackError" not in server.log, server.log
    assert body == {"stored": ["chair", "table"], "skipped": ["chair"]}
    with sqlite3.connect(bench.folder / "app.db") as connection:
        rows = connection.execute("SELECT name FROM items ORDER BY id").fetchall()
    connection.close()
    assert rows == [("chair",), ("table",)]

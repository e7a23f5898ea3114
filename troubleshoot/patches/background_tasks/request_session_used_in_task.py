"""The task opens a session of its own, and loads by key what it was given of the request's."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.handed import open_own_session
from troubleshoot.patching.drafts import Draft

EXAMPLE = {
    "main.py": """
import asyncio
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI

from database import Link, Session, get_db
from jobs import count

app = FastAPI()
SessionDep = Annotated[Session, Depends(get_db)]


def record(db: Session, text: str) -> None:
    db.add(Link(id=1, target=text))
    db.commit()


@app.get("/links/{link_id}")
def follow(link_id: int, tasks: BackgroundTasks, db: SessionDep):
    link = db.get(Link, link_id)
    tasks.add_task(count, link, db=db)
    return link.target


@app.post("/records")
def create_record(text: str, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    tasks.add_task(record, db, text)
""",
    "database.py": """
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))


class Base(DeclarativeBase):
    pass


class Link(Base):
    __tablename__ = "links"
    id: Mapped[int] = mapped_column(primary_key=True)
    target: Mapped[str]


def get_db():
    with SessionLocal() as db:
        yield db
""",
    "jobs.py": '''
from database import Link, Session


def count(link: Link, db: Session):
    """Count a visit."""
    link.clicks += 1
    db.commit()
''',
}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Give the task a session of its own."""
    holder, work = sighting.nodes["holder"], sighting.nodes["work"]
    assert sighting.function is not None
    assert isinstance(holder, ast.Call)
    assert isinstance(work, ast.expr)
    open_own_session(draft, sighting.function, holder, work)

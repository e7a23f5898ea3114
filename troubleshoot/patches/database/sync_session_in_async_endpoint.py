"""`def` where nothing is awaited, else the call to the database goes to the thread pool."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.threads import unblock
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

EXAMPLE = {
    "main.py": """
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from models import Item

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


async def get_db() -> AsyncIterator[Session]:
    with SessionLocal() as db:
        yield db
        db.commit()


@app.get("/items/{item_id}")
async def read_item(item_id: int, db: Session = Depends(get_db)):
    return db.get(Item, item_id)


@app.post("/items")
async def check_items(db: Session = Depends(get_db)):
    await notify()
    return db.scalars(select(Item).limit(10)).all()


async def notify():
    return 1
""",
    "models.py": "class Item:\n    pass\n",
}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Make the function that FastAPI calls a plain one if it can be, else wait for the database in a thread."""
    if sighting.function is None or not isinstance(sighting.node, ast.Call):
        raise WithheldError("the call stands in no function")
    unblock(draft, sighting.function, sighting.node)

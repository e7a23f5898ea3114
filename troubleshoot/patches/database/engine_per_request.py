"""The engine or client is made once, at the top level of its module."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.processwide import make_once
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

EXAMPLE = {
    "main.py": """
import os

from fastapi import Depends, FastAPI
from pymongo import MongoClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    engine = create_engine(os.environ["DATABASE_URL"])
    with Session(engine) as db:
        yield db


def get_client():
    return MongoClient(os.environ["MONGO_URL"])


@app.get("/items")
def items(db=Depends(get_db), client=Depends(get_client)):
    return []


@app.get("/tenants/{tenant}")
def tenant(tenant: str):
    return Session(create_engine(f"sqlite:///{tenant}.db"))
""",
}
MADE = {
    "sqlalchemy.create_engine": "engine",
    "sqlalchemy.ext.asyncio.create_async_engine": "engine",
    "pymongo.MongoClient": "client",
    "pymongo.AsyncMongoClient": "client",
    "motor.motor_asyncio.AsyncIOMotorClient": "client",
    "psycopg_pool.ConnectionPool": "pool",
    "neo4j.GraphDatabase.driver": "driver",
    "neo4j.AsyncGraphDatabase.driver": "driver",
}
"""What may be made at import and used by everybody, and what it is called where it has no name."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move it out of the function. Raises `WithheldError` for connections, which serve one request at a time."""
    function, call = sighting.function, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    path = draft.project.path(call.func, function)
    if path not in MADE:
        raise WithheldError("requests cannot share it; a pool that the lifespan opens is due")
    make_once(draft, function, call, MADE[path])

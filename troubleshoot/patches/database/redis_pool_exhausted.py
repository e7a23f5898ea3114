"""The pool is made once, at the top level of its module."""

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
from redis.asyncio import ConnectionPool, Redis

app = FastAPI()


async def get_redis():
    pool = ConnectionPool.from_url(os.environ["REDIS_URL"], max_connections=20)
    client = Redis(connection_pool=pool)
    yield client
    await client.aclose()
    await pool.disconnect()


@app.get("/items")
async def items(redis: Redis = Depends(get_redis)):
    return await redis.get("items")
""",
}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Move the pool out of the function."""
    if sighting.function is None or not isinstance(sighting.node, ast.Call):
        raise WithheldError("the call stands in no function")
    make_once(draft, sighting.function, sighting.node, "pool")

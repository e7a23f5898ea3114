"""A job or a thread whose own event loop uses the pool of an engine that other loops use."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.loops_of_their_own import run_alone, shared_engine

TASKS = ("celery.Celery().task", "celery.shared_task", "dramatiq.actor")

BROKEN = {
    "main.py": """
import asyncio

from fastapi import FastAPI

from database import SessionLocal
from models import count

app = FastAPI()


@app.get("/users")
def users():
    return asyncio.run(count())
""",
    "database.py": """
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://app@db/app")
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)
""",
    "models.py": """
from sqlalchemy import text

from database import SessionLocal


async def count():
    async with SessionLocal() as session:
        return await session.scalar(text("SELECT 1"))
""",
    "tasks.py": """
import asyncio

from celery import Celery

from models import count

celery_app = Celery("tasks")


def run_async(coroutine):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


@celery_app.task
def report():
    return run_async(count())


@celery_app.task(bind=True)
def nested(self):
    async def work():
        return await count()

    return asyncio.run(work())
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI

from models import count

app = FastAPI()


@app.get("/users")
async def users():
    return await count()
""",
    "database.py": """
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool

engine = create_async_engine("postgresql+asyncpg://app@db/app")
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)
unpooled = create_async_engine("postgresql+asyncpg://app@db/app", poolclass=NullPool)
JobSession = async_sessionmaker(unpooled)
""",
    "models.py": """
from sqlalchemy import text

from database import JobSession, SessionLocal


async def count():
    async with SessionLocal() as session:
        return await session.scalar(text("SELECT 1"))


async def count_alone():
    async with JobSession() as session:
        return await session.scalar(text("SELECT 1"))
""",
    "tasks.py": """
import asyncio

from celery import Celery
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from database import engine
from models import count, count_alone

celery_app = Celery("tasks")
kept = asyncio.new_event_loop()


@celery_app.task
def unpooled():
    return asyncio.run(count_alone())


@celery_app.task
def disposed():
    async def work():
        try:
            return await count()
        finally:
            await engine.dispose()

    return asyncio.run(work())


@celery_app.task
def own():
    async def work():
        mine = create_async_engine("postgresql+asyncpg://app@db/app")
        async with async_sessionmaker(mine)() as session:
            return await session.scalar("SELECT 1")

    return asyncio.run(work())


@celery_app.task
def one_loop():
    return kept.run_until_complete(count())


@celery_app.task
def plain():
    return asyncio.run(asyncio.sleep(1))


def main():
    asyncio.run(count())
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that give a pool's connections to a loop that ends with them."""
    in_threads = {reached.function for reached in project.reach if reached.place == "thread pool"}
    for function in project.functions:
        is_task = _is_task(project, function)
        if function.is_async or not (is_task or function in in_threads):
            continue
        for call, coroutine, scope in run_alone(project, function):
            engine = shared_engine(project, coroutine, scope)
            if engine is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="warning",
                    message=f"each run of {function.qualname} has an event loop of its own, "
                    f"but takes connections from {engine.name} that another loop has opened",
                    captured={"job": last_name(coroutine.func)} if last_name(coroutine.func) else {},
                )


def _is_task(project: Project, function: Function) -> bool:
    """Return whether a worker runs a function, again and again in one process."""
    decorators = (item.func if isinstance(item, ast.Call) else item for item in function.node.decorator_list)
    return any(project.path(item, function.module) in TASKS for item in decorators)

"""Slow calls hold all connections of the pool; a request that reads one row cannot get any."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"pool_size": "2"}
WRONG = {
    "a larger pool": [("pool_size=2, max_overflow=0", "pool_size=5, max_overflow=10")],
    "a longer pool_timeout": [("pool_timeout=2", "pool_timeout=60")],
    "flush before the slow call": [
        (
            "    answer = await ask_model(question.text)\n",
            "    await session.flush()\n    answer = await ask_model(question.text)\n",
        )
    ],
}

# --- broken ---
import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("sqlite+aiosqlite:///app.db", pool_size=2, max_overflow=0, pool_timeout=2)
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Question(Base):
    __tablename__ = "question"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    answer: Mapped[str | None]


async def get_session() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        yield session


async def ask_model(text: str) -> str:
    await asyncio.sleep(4)
    return f"an answer to: {text}"


@router.post("/questions/{question_id}/answer")
async def answer_question(question_id: int, session: Annotated[AsyncSession, Depends(get_session)]) -> str:
    question = await session.get(Question, question_id)
    if question is None:
        raise HTTPException(404)
    answer = await ask_model(question.text)
    question.answer = answer
    await session.commit()
    return answer


# --- application ---
from contextlib import asynccontextmanager

from fastapi import FastAPI

go_on = asyncio.Event()


async def ask_model(text: str) -> str:
    print("asking", flush=True)
    await go_on.wait()
    return f"an answer to: {text}"


@asynccontextmanager
async def lifespan(app):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with SessionLocal.begin() as session:
        session.add_all([Question(id=number, text="who?") for number in range(1, 21)])
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
app.include_router(router)


@app.get("/questions/{question_id}")
async def read_question(question_id: int) -> str:
    async with SessionLocal() as session:
        return (await session.get_one(Question, question_id)).text


@app.post("/go-on")
async def let_the_model_answer() -> None:
    go_on.set()


# --- check ---
def check(bench: Bench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor(21) as clients:

        def submit(path: str, method: str = "POST"):
            return clients.submit(get, server.url(path), method=method, seconds=60)

        asked = [submit(f"/questions/{number}/answer") for number in range(1, 21)]
        eventually(lambda: server.log.count("asking") == 20 or "QueuePool limit" in server.log, seconds=8)
        asking = server.log.count("asking")
        read = submit("/questions/1", "GET")
        read_meanwhile = eventually(read.done, seconds=6)
        get(server.url("/go-on"), method="POST")
        answers = [(answer.result()[0], answer.result()[2]) for answer in asked]
    assert "QueuePool limit" not in server.log
    assert asking == 20
    assert read_meanwhile
    assert (read.result()[0], read.result()[2]) == (200, '"who?"')
    assert answers == [(200, '"an answer to: who?"')] * 20

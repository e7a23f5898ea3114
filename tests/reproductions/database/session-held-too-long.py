"""Two slow calls hold both connections of the pool; a request that reads one row cannot get any."""

import threading

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"pool_size": "2"}

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

really_ask_model = ask_model


async def ask_model(text: str) -> str:
    print("asking", flush=True)
    return await really_ask_model(text)


@asynccontextmanager
async def lifespan(app):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with SessionLocal.begin() as session:
        session.add_all([Question(id=1, text="who?"), Question(id=2, text="why?")])
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
app.include_router(router)


@app.get("/questions/{question_id}")
async def read_question(question_id: int) -> str:
    async with SessionLocal() as session:
        return (await session.get_one(Question, question_id)).text


# --- check ---
def check(bench: Bench) -> None:
    answers = []

    def ask(number: int) -> None:
        answers.append(get(server.url(f"/questions/{number}/answer"), method="POST")[0])

    with bench.server() as server:
        threads = [threading.Thread(target=ask, args=(number,)) for number in (1, 2)]
        for thread in threads:
            thread.start()
        assert eventually(lambda: server.log.count("asking") == 2)
        status = get(server.url("/questions/1"))[0]
        for thread in threads:
            thread.join()
    assert answers == [200, 200]
    assert status == 200
    assert "QueuePool limit" not in server.log

"""Mistakes with tasks and with the event loop as people write them, and what becomes of them line by line."""

import textwrap

import pytest

from tests.engine.patched import assert_becomes, below, reasons_withheld

HEAD = """\
import asyncio
import threading

import httpx
import requests
from fastapi import BackgroundTasks, FastAPI, UploadFile
from starlette.background import BackgroundTask

app = FastAPI()
client = httpx.AsyncClient()
threads = threading.Semaphore()


async def send(address, subject=""):
    return asyncio, httpx, requests, BackgroundTasks, BackgroundTask, UploadFile


"""
BECOMES = {
    "arguments keep their lines": (
        "background-tasks/task-called-not-passed",
        """
        @app.get("/")
        def read(tasks: BackgroundTasks):
            tasks.add_task(
                send(
                    "ann",
                    subject="hi",
                )
            )
            tasks.add_task(func=send("bob"))
        """,
        """
        @app.get("/")
        def read(tasks: BackgroundTasks):
            tasks.add_task(
                send,
                "ann",
                subject="hi",
            )
            tasks.add_task(send, "bob")
        """,
    ),
    "await in a condition, and over several lines": (
        "performance/coroutine-not-awaited",
        """
        @app.get("/")
        async def read(x: int):
            if x: send(x)
            send(
                x,
            )  # now
        """,
        """
        @app.get("/")
        async def read(x: int):
            if x: await send(x)
            await send(
                x,
            )  # now
        """,
    ),
    "a second loop in a text": (
        "performance/asyncio-run-in-running-loop",
        """
        @app.get("/")
        async def read():
            print(f"{asyncio.run(send(1))[0]}")
        """,
        """
        @app.get("/")
        async def read():
            print(f"{(await send(1))[0]}")
        """,
    ),
    "an optional parameter by name": (
        "background-tasks/missing-annotation",
        """
        @app.get("/")
        async def read(*, x: int = 1, tasks: BackgroundTasks | None = None):
            tasks.add_task(send, x)
        """,
        """
        @app.get("/")
        async def read(*, x: int = 1, tasks: BackgroundTasks):
            tasks.add_task(send, x)
        """,
    ),
    "the response is closed before what raises": (
        "performance/http-client-pool-timeout",
        """
        from fastapi.responses import StreamingResponse


        @app.get("/")
        async def read(url: str):
            answer = await client.send(client.build_request("GET", url), stream=True)
            if answer.status_code == 404:
                # gone
                raise OSError(answer.status_code)
            return StreamingResponse(
                answer.aiter_raw(),
                headers=answer.headers,
            )
        """,
        """
        from fastapi.responses import StreamingResponse


        @app.get("/")
        async def read(url: str):
            answer = await client.send(client.build_request("GET", url), stream=True)
            if answer.status_code == 404:
                await answer.aclose()
                # gone
                raise OSError(answer.status_code)
            return StreamingResponse(
                answer.aiter_raw(),
                headers=answer.headers,
                background=BackgroundTask(answer.aclose),
            )
        """,
    ),
    "a call of several lines goes to a thread": (
        "performance/blocking-call-in-async-endpoint",
        """
        from fastapi.concurrency import run_in_threadpool


        @app.get("/")
        async def read(url: str):
            first = requests.get(
                url,
                timeout=3,
            )
            return first, await send(1)
        """,
        """
        from fastapi.concurrency import run_in_threadpool


        @app.get("/")
        async def read(url: str):
            first = await run_in_threadpool(
                requests.get,
                url,
                timeout=3,
            )
            return first, await send(1)
        """,
    ),
    "pieces into a file that is open already": (
        "performance/upload-read-into-memory",
        """
        @app.post("/")
        async def store(file: UploadFile):
            contents = await file.read()
            with open("upload", "wb") as target:
                target.write(contents)
        """,
        """
        @app.post("/")
        async def store(file: UploadFile):
            with open("upload", "wb") as target:
                while chunk := await file.read(1024 * 1024):
                    target.write(chunk)
        """,
    ),
    "the block of a client moves up, its texts stay": (
        "performance/client-per-request",
        '''
        @app.get("/")
        async def read(url: str):
            async with httpx.AsyncClient() as client:
                text = """
            one
        """
                # Send it.
                return await client.post(url, content=text)
        ''',
        '''
        @app.get("/")
        async def read(url: str):
            text = """
            one
        """
            # Send it.
            return await client.post(url, content=text)
        ''',
    ),
}
WITHHELD = {
    "a comment among the arguments": (
        "background-tasks/task-called-not-passed",
        """
        @app.get("/")
        def read(tasks: BackgroundTasks):
            tasks.add_task(
                send(
                    "ann",  # first
                )
            )
        """,
    ),
    "a lock that threads hold, too": (
        "performance/thread-lock-in-async",
        """
        @app.get("/")
        async def read():
            with threads:
                await send(1)


        @app.get("/thread")
        def read_in_thread():
            with threads:
                return 1
        """,
    ),
    "several statements on a line": (
        "background-tasks/create-task-garbage-collected",
        """
        @app.get("/")
        async def read(x: int):
            if x: asyncio.create_task(send(x))
        """,
    ),
    "what is read is also measured": (
        "performance/upload-read-into-memory",
        """
        @app.post("/")
        async def store(file: UploadFile):
            contents = await file.read()
            with open("upload", "wb") as target:
                target.write(contents)
            return len(contents)
        """,
    ),
    "a client that depends on the request": (
        "performance/client-per-request",
        """
        @app.get("/")
        async def read(url: str):
            async with httpx.AsyncClient(base_url=url) as other:
                return await other.get("/")
        """,
    ),
}


@pytest.mark.parametrize(("cause", "before", "after"), BECOMES.values(), ids=BECOMES)
def test_the_way_it_is_written_stays(cause, before, after, tmp_path):
    assert_becomes(tmp_path, cause, below(HEAD, before), below(HEAD, after))


@pytest.mark.parametrize(("cause", "before"), WITHHELD.values(), ids=WITHHELD)
def test_nothing_is_guessed(cause, before, tmp_path):
    reasons_withheld(tmp_path, cause, below(HEAD, before))


def test_a_row_that_the_request_has_made_is_no_key_and_no_change_is_promised(tmp_path):
    source = textwrap.dedent(
        """
        from fastapi import BackgroundTasks, Depends, FastAPI
        from sqlalchemy import create_engine
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

        SessionLocal = sessionmaker(create_engine("sqlite://"))
        app = FastAPI()


        class Base(DeclarativeBase):
            pass


        class Visit(Base):
            __tablename__ = "visits"
            id: Mapped[int] = mapped_column(primary_key=True)


        def get_db():
            with SessionLocal() as db:
                yield db


        def remind(db: Session, visit: Visit):
            db.refresh(visit)


        @app.post("/visits")
        def book(tasks: BackgroundTasks, db: Session = Depends(get_db)):
            visit = Visit()
            db.add(visit)
            db.commit()
            tasks.add_task(remind, db, visit)
        """
    )
    cause = "background-tasks/request-session-used-in-task"
    assert reasons_withheld(tmp_path, cause, source) == ["visit is a row that was not loaded by its key"]

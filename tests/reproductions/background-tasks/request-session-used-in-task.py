"""The request's session and a row of it are lent to the task; when the task runs, the request has closed the session."""

from troubleshoot.testing import Bench, eventually, get

WRONG = {
    "the session kept open until the task is done": [
        ('Depends(get_session, scope="function")', "Depends(get_session)")
    ],
    "expire_on_commit=False": [("sessionmaker(engine)", "sessionmaker(engine, expire_on_commit=False)")],
    "the row merged into a session of the task": [
        (
            "    link.clicks += 1\n    session.commit()\n",
            "    with SessionFactory.begin() as own:\n        own.merge(link).clicks += 1\n",
        ),
        ("sessionmaker(engine)", "sessionmaker(engine, expire_on_commit=False)"),
    ],
    "refreshing the row in the task": [("    link.clicks += 1\n", "    session.refresh(link)\n    link.clicks += 1\n")],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Link(Base):
    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    target: Mapped[str]
    clicks: Mapped[int] = mapped_column(default=0)


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


def count_click(session: Session, link: Link) -> None:
    link.clicks += 1
    session.commit()


app = FastAPI()


@app.get("/links/{link_id}")
def follow(
    link_id: int, tasks: BackgroundTasks, session: Annotated[Session, Depends(get_session, scope="function")]
) -> str:
    link = session.get(Link, link_id)
    if link is None:
        raise HTTPException(404, "no such link")
    target = link.target
    session.commit()
    tasks.add_task(count_click, session, link)
    return target


# --- application ---
from sqlalchemy import event, update

Base.metadata.create_all(engine)
with SessionFactory.begin() as seed:
    seed.add(Link(id=1, target="https://example.org"))
begun, flushed, of_requests = [], [], []


@event.listens_for(Session, "after_begin")
def note_begin(session, transaction, connection) -> None:
    begun.append(session)


@event.listens_for(Session, "after_flush")
def note_flush(session, context) -> None:
    flushed.append(session)


class Watch:
    """Notes which sessions were used when the response is complete, which is when the tasks start; ten clicks come then."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        async def watched(message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and scope["path"] == "/links/1":
                of_requests.extend(begun)
                with engine.begin() as connection:  # somebody else is faster than the task
                    connection.execute(update(Link).values(clicks=Link.clicks + 10))

        await self.app(scope, receive, watched)


app.add_middleware(Watch)


@app.get("/shared")
def count_shared() -> int:
    return sum(any(session is other for other in of_requests) for session in flushed)


@app.get("/clicks")
def clicks() -> int:
    with SessionFactory() as session:
        return session.get_one(Link, 1).clicks


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/links/1"))[::2] == (200, '"https://example.org"')
        assert get(server.url("/links/2"))[0] == 404
        assert eventually(
            lambda: "Exception in ASGI" in server.log or get(server.url("/clicks"))[2] in ("1", "11"), seconds=3
        )
        assert "Exception in ASGI" not in server.log, server.log
        assert get(server.url("/clicks"))[2] == "11", "the task has overwritten what others have stored"
        assert get(server.url("/shared"))[2] == "0", "the task works with the session of the request"

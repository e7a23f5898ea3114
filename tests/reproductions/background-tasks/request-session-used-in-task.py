"""A database object is lent to the task; when the task runs, the object's session is gone."""

from troubleshoot.testing import Bench, eventually, get

# --- broken ---
from fastapi import BackgroundTasks, FastAPI, HTTPException
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


def count_click(session: Session, link: Link) -> None:
    link.clicks += 1
    session.commit()


app = FastAPI()


@app.get("/links/{link_id}")
def follow(link_id: int, tasks: BackgroundTasks) -> str:
    with SessionFactory() as session:
        link = session.get(Link, link_id)
        if link is None:
            raise HTTPException(404, "no such link")
        target = link.target
        session.commit()
        tasks.add_task(count_click, session, link)
    return target


# --- application ---
Base.metadata.create_all(engine)
with SessionFactory.begin() as seed:
    seed.add(Link(id=1, target="https://example.org"))


@app.get("/clicks")
def clicks() -> int:
    with SessionFactory() as session:
        return session.get_one(Link, 1).clicks


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/links/1"))[::2] == (200, '"https://example.org"')
        assert eventually(lambda: get(server.url("/clicks"))[2] == "1", seconds=2)
    assert "DetachedInstanceError" not in server.log

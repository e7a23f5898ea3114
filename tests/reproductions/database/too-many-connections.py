"""Three workers with default pools want up to 45 connections of a PostgreSQL that allows 11."""

from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, get, postgresql

PARAMETERS = {"limit": "11", "processes": "3"}
ENGINE = 'create_engine(os.environ["DATABASE_URL"])'
WRONG = {
    "a longer pool_timeout": [(ENGINE, ENGINE.replace(")", ", pool_timeout=60)"))],
    "no pool at all": [
        (ENGINE, ENGINE.replace(")", ", poolclass=NullPool)")),
        ("import Session, sessionmaker\n", "import Session, sessionmaker\nfrom sqlalchemy.pool import NullPool\n"),
    ],
    "connections that are tested and renewed": [
        (ENGINE, ENGINE.replace(")", ", pool_pre_ping=True, pool_recycle=60)"))
    ],
}

# --- broken ---
import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine(os.environ["DATABASE_URL"])
SessionLocal = sessionmaker(engine, expire_on_commit=False)


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]


# --- application ---
from fastapi import FastAPI
from sqlalchemy import text

app = FastAPI()


@app.get("/report")
def report(session: SessionDependency) -> int:
    return session.scalar(text("SELECT 1 FROM pg_sleep(0.5)"))


# --- check ---
def check(bench: Bench) -> None:
    with postgresql(bench.folder, "-cmax_connections=11") as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+psycopg:")}
        with bench.server("--workers", "3", env=environment) as server, ThreadPoolExecutor(24) as clients:
            answers = list(clients.map(lambda _: get(server.url("/report"), seconds=40)[0], range(24)))
        assert "too many clients already" not in server.log, server.log[-600:]
        assert answers == [200] * 24

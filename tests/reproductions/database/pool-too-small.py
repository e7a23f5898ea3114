"""Sixteen requests run a query of one second at once; a pool of two cannot serve them within its time-out."""

from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, get, postgresql

PARAMETERS = {"pool_size": "16"}

# --- broken ---
import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine(os.environ["DATABASE_URL"], pool_size=2, max_overflow=0, pool_timeout=5)
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
    return session.scalar(text("SELECT 1 FROM pg_sleep(1)"))


# --- check ---
def check(bench: Bench) -> None:
    with postgresql(bench.folder) as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+psycopg:")}
        with bench.server(env=environment) as server, ThreadPoolExecutor(16) as clients:
            answers = list(clients.map(lambda _: get(server.url("/report"), seconds=30)[0], range(16)))
    assert "QueuePool limit" not in server.log
    assert answers == [200] * 16

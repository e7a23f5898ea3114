"""Sixteen requests query at once, and only two of the queries reach the database, because the pool has two connections."""

from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, eventually, get, postgresql

PARAMETERS = {"pool_size": "16"}
WRONG = {
    "a longer pool_timeout": [("pool_timeout=2", "pool_timeout=60")],
    "connections that are tested and renewed": [
        ("pool_timeout=2", "pool_timeout=2, pool_pre_ping=True, pool_recycle=60")
    ],
    "any number of connections beyond the pool": [("max_overflow=0", "max_overflow=-1")],
    "no pool": [
        (", pool_size=2, max_overflow=0, pool_timeout=2", ", poolclass=NullPool"),
        ("sessionmaker\n", "sessionmaker\nfrom sqlalchemy.pool import NullPool\n"),
    ],
}

# --- broken ---
import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine(os.environ["DATABASE_URL"], pool_size=2, max_overflow=0, pool_timeout=2)
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
    return session.scalar(text("SELECT 1 FROM pg_advisory_xact_lock_shared(1)"))  # waits until the check lets it go on


# --- check ---
def check(bench: Bench) -> None:
    import psycopg

    kept = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
    with postgresql(bench.folder) as url, psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(1)")
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+psycopg:")}
        with bench.server(env=environment) as server, ThreadPoolExecutor(16) as clients:
            answers = [clients.submit(get, server.url("/report"), seconds=60) for _ in range(16)]
            eventually(lambda: admin.execute(waiting).fetchone() == (16,) or "QueuePool limit" in server.log, seconds=8)
            at_once = admin.execute(waiting).fetchone()
            admin.execute("SELECT pg_advisory_unlock(1)")
            statuses = [answer.result()[0] for answer in answers]
            closed = eventually(lambda: admin.execute(kept).fetchone() != (16,), seconds=1)
    assert "QueuePool limit" not in server.log
    assert statuses == [200] * 16
    assert at_once == (16,)
    assert not closed, "connections are closed behind each request instead of being kept"

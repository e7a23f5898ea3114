"""gunicorn --preload runs a query at import; afterwards two workers talk to PostgreSQL through one socket."""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, free_port, get, postgresql

ENGINE = 'create_engine(os.environ["DATABASE_URL"])'
WRONG = {
    "pool_pre_ping": [(ENGINE, ENGINE.replace(")", ", pool_pre_ping=True)"))],
    "a larger pool": [(ENGINE, ENGINE.replace(")", ", pool_size=20)"))],
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
import os

from fastapi import FastAPI
from sqlalchemy import text

with engine.begin() as connection:
    connection.execute(text("CREATE TABLE IF NOT EXISTS item (id integer)"))

app = FastAPI()


@app.get("/echo/{number}")
def echo(number: int, session: SessionDependency) -> dict[str, int]:
    backend, value = session.execute(text("SELECT pg_backend_pid(), :n FROM pg_sleep(0.02)"), {"n": number}).one()
    return {"worker": os.getpid(), "backend": backend, "value": int(value)}


# --- check ---
def check(bench: Bench) -> None:
    failed = threading.Event()

    def ask(number: int) -> tuple[int, str]:
        if failed.is_set():
            return 0, "not asked any more"
        try:
            status, _, body = get(server.url(f"/echo/{number}"))
        except OSError as error:
            status, body = 0, f"no answer: {error}"
        if status != 200:
            failed.set()
        return status, body

    with postgresql(bench.folder) as url:
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "main:app", "--preload", "--workers", "2"]
        command += ["--worker-class", "uvicorn.workers.UvicornWorker", "--bind", f"127.0.0.1:{port}"]
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+psycopg:")}
        with bench.process(command, port=port, env=environment) as server, ThreadPoolExecutor(6) as clients:
            answers = list(clients.map(ask, range(60)))
    assert [status for status, _ in answers] == [200] * 60, [answer for answer in answers if answer[0] != 200][:3]
    bodies = [json.loads(body) for _, body in answers]
    assert [body["value"] for body in bodies] == list(range(60))
    owners = {body["backend"]: set() for body in bodies}
    for body in bodies:
        owners[body["backend"]].add(body["worker"])
    assert all(len(workers) == 1 for workers in owners.values()), "two workers share a connection"

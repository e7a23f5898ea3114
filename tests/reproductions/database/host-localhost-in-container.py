"""PostgreSQL listens on another address than the application's localhost, as it does from inside a container."""

from troubleshoot.testing import Bench, free_port, get, postgresql

PARAMETERS = {"host": "127.0.0.2"}
WRONG = {
    "127.0.0.1 instead of localhost": [("@localhost:", "@127.0.0.1:")],
    "0.0.0.0 instead of localhost": [("@localhost:", "@0.0.0.0:")],
    "pool_pre_ping and a longer time-out": [
        ('/postgres")', '/postgres?connect_timeout=20", pool_pre_ping=True)'),
    ],
}

# --- broken ---
import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine(f"postgresql+psycopg://postgres@localhost:{os.environ['DATABASE_PORT']}/postgres")
SessionLocal = sessionmaker(engine, expire_on_commit=False)


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]


# --- application ---
from fastapi import FastAPI
from sqlalchemy import text

app = FastAPI()


@app.get("/now")
def now(session: SessionDependency) -> str:
    return str(session.scalar(text("SELECT now()")))


# --- check ---
def check(bench: Bench) -> None:
    port = free_port()
    # 127.0.0.2 stands for the address of the database's container.
    with postgresql(bench.folder, "-clisten_addresses=127.0.0.2", port=port):
        with bench.server(env={"DATABASE_PORT": str(port)}) as server:
            status = get(server.url("/now"))[0]
    assert "Connection refused" not in server.log
    assert status == 200

"""Sixty requests, one after the other, leave open connections behind, one for each."""

from troubleshoot.testing import Bench, get, postgresql

PARAMETERS = {"dependency": "get_session"}

# --- broken ---
import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session


def get_session() -> Iterator[Session]:
    engine = create_engine(os.environ["DATABASE_URL"])
    session = Session(engine)
    try:
        yield session
    finally:
        session.close()


SessionDependency = Annotated[Session, Depends(get_session)]
app = FastAPI()


# --- application ---
from sqlalchemy import text


@app.get("/connections")
def connections(session: SessionDependency) -> int:
    return session.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"))


# --- check ---
def check(bench: Bench) -> None:
    with postgresql(bench.folder, "-cmax_connections=20") as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+psycopg:")}
        with bench.server(env=environment) as server:
            answers = [get(server.url("/connections")) for _ in range(60)]
    assert all(status == 200 for status, _, _ in answers), answers
    # As many as one pool keeps: the code after yield may still run when the next request arrives.
    assert max(int(count) for _, _, count in answers) <= 5

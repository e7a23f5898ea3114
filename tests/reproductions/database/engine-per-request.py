"""Sixty requests, one after the other, leave open connections behind, one for each."""

from troubleshoot.testing import Bench, get, postgresql

PARAMETERS = {"dependency": "get_session"}
WRONG = {
    "a pool of one connection": [('DATABASE_URL"])', 'DATABASE_URL"], pool_size=1, max_overflow=0)')],
    "engine.dispose() behind each request": [
        ("        session.close()\n", "        session.close()\n        engine.dispose()\n")
    ],
    "one session for all": [
        (
            """    engine = create_engine(os.environ["DATABASE_URL"])
    session = Session(engine)
    try:
        yield session
    finally:
        session.close()
""",
            "    yield session\n",
        ),
        ("app = FastAPI()\n", 'app = FastAPI()\nsession = Session(create_engine(os.environ["DATABASE_URL"]))\n'),
    ],
    "NullPool": [
        ('DATABASE_URL"])', 'DATABASE_URL"], poolclass=NullPool)'),
        (
            "from sqlalchemy.orm import Session",
            "from sqlalchemy.orm import Session\nfrom sqlalchemy.pool import NullPool",
        ),
    ],
}

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
def connections(session: SessionDependency) -> list[int]:
    """How many there are, and which one this is."""
    all_of_them = "SELECT count(*), pg_backend_pid() FROM pg_stat_activity WHERE backend_type = 'client backend'"
    return list(session.execute(text(all_of_them)).one())


@app.get("/slow")
def slow(session: SessionDependency) -> int:
    return session.execute(text("SELECT pg_backend_pid() FROM pg_sleep(0.5)")).scalar_one()


# --- check ---
def check(bench: Bench) -> None:
    import json
    from concurrent.futures import ThreadPoolExecutor

    with postgresql(bench.folder, "-cmax_connections=20") as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+psycopg:")}
        with bench.server(env=environment) as server:
            answers = [get(server.url("/connections")) for _ in range(60)]
            with ThreadPoolExecutor(3) as clients:
                at_once = list(clients.map(get, [server.url("/slow")] * 3))
    assert all(status == 200 for status, _, _ in answers), answers
    counts, connections = zip(*(json.loads(body) for _, _, body in answers), strict=True)
    # As many as one pool keeps: the code after yield may still run when the next request arrives.
    assert max(counts) <= 5
    assert len(set(connections)) <= 5, "each request connects anew"
    assert len({body for status, _, body in at_once if status == 200}) == 3, "requests share a session"

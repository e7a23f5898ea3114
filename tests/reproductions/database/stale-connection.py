"""PostgreSQL ends the idle connections of the pool, as a restart does; the next request fails."""

from troubleshoot.testing import Bench, eventually, get, postgresql

ENGINE = 'create_engine(os.environ["DATABASE_URL"])'
WRONG = {
    "a short pool_recycle alone": [(ENGINE, 'create_engine(os.environ["DATABASE_URL"], pool_recycle=30)')],
    "TCP keepalives": [
        (
            ENGINE,
            """create_engine(
    os.environ["DATABASE_URL"], connect_args={"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2}
)""",
        ),
    ],
    "rollback() at the start": [("        yield session\n", "        session.rollback()\n        yield session\n")],
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


@app.get("/now")
def now(session: SessionDependency) -> str:
    return str(session.scalar(text("SELECT now()")))


# --- check ---
def check(bench: Bench) -> None:
    import psycopg

    others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with postgresql(bench.folder) as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+psycopg:")}
        with bench.server(env=environment) as server, psycopg.connect(url, autocommit=True) as admin:
            assert get(server.url("/now"))[0] == 200
            assert eventually(lambda: admin.execute(f"SELECT count(*) {others} AND state = 'idle'").fetchone() == (1,))
            admin.execute(f"SELECT pg_terminate_backend(pid) {others}")
            assert eventually(lambda: admin.execute(f"SELECT count(*) {others}").fetchone() == (0,))
            status, _, body = get(server.url("/now"))
    assert "AdminShutdown" not in server.log
    assert (status, body[:3]) == (200, '"20')

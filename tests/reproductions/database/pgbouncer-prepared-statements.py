"""asyncpg's prepared statements meet others of the same name on the connections of a real PgBouncer."""

import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, free_port, get, postgresql

ENGINE = 'os.environ["DATABASE_URL"].replace("+psycopg", "+asyncpg")'
RANDOM = '{"prepared_statement_name_func": lambda: f"__{uuid4()}__"}'
WRONG = {
    "prepared_statement_cache_size=0 alone": [(ENGINE, ENGINE + ', connect_args={"prepared_statement_cache_size": 0}')],
    "random names alone": [
        (ENGINE, f"{ENGINE}, connect_args={RANDOM}"),
        ("from typing import Annotated\n", "from typing import Annotated\nfrom uuid import uuid4\n"),
    ],
    "pool_pre_ping": [(ENGINE, ENGINE + ", pool_pre_ping=True")],
    "psycopg with its defaults": [(ENGINE, 'os.environ["DATABASE_URL"]')],
}

# --- broken ---
import os
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"].replace("+psycopg", "+asyncpg"))
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        yield session


SessionDependency = Annotated[AsyncSession, Depends(get_session)]

# --- application ---
from fastapi import FastAPI
from sqlalchemy import text

app = FastAPI()


@app.get("/square/{number}")
async def square(number: int, session: SessionDependency) -> int:
    value = (await session.execute(text("SELECT CAST(:n AS integer)"), {"n": number})).scalar_one()
    await session.commit()
    again = (await session.execute(text("SELECT CAST(:n AS integer), pg_sleep(0.01)"), {"n": number})).scalar_one()
    await session.commit()
    return value * again


# --- check ---
PGBOUNCER = """
[databases]
postgres = host=127.0.0.1 port={server} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
"""


def check(bench: Bench) -> None:
    with postgresql(bench.folder) as url:
        port = free_port()
        settings = PGBOUNCER.format(server=url.rpartition(":")[2].partition("/")[0], port=port)
        program = shutil.which("pgbouncer", path=os.environ["PATH"] + ":/usr/sbin")
        assert program is not None, "install the package pgbouncer"
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        if re.search(r"^PgBouncer 1\.(2[1-9]|[3-9]\d)", version):  # the first ones that could keep track of them
            settings += "max_prepared_statements = 0\n"
        (bench.folder / "pgbouncer.ini").write_text(settings)
        command = [program, "pgbouncer.ini"]
        if os.geteuid() == 0:  # PgBouncer refuses to run as root, and then cannot enter the folder
            shutil.chown(bench.folder / "pgbouncer.ini", "postgres")
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        with bench.process(command, port=port):
            pooled = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
            with (
                bench.server("--workers", "2", env={"DATABASE_URL": pooled}) as server,
                ThreadPoolExecutor(12) as clients,
            ):
                answers = list(clients.map(lambda n: get(server.url(f"/square/{n}"), seconds=30), range(120)))
    assert "prepared statement" not in server.log
    assert [answer[2] for answer in answers] == [str(n * n) for n in range(120)]

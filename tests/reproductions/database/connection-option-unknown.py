"""The URL of a hosting service, written for libpq, goes to asyncpg, which knows no sslmode."""

from troubleshoot.testing import Bench, get, postgresql

ADDRESS = 'os.environ["DATABASE_URL"].replace("postgres:", "postgresql+asyncpg:")'
WRONG = {
    "sslmode in connect_args instead": [
        (ADDRESS, ADDRESS.replace(':")', ':").partition("?")[0], connect_args={"sslmode": "disable"}'))
    ],
    "the options cut off": [(ADDRESS, ADDRESS + '.partition("?")[0]')],
    "ssl instead of sslmode, and nothing else": [(ADDRESS, ADDRESS + '.replace("sslmode", "ssl")')],
}

# --- broken ---
import os

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgres:", "postgresql+asyncpg:"))
SessionFactory = async_sessionmaker(engine, expire_on_commit=False)


# --- application ---
from fastapi import FastAPI
from sqlalchemy import text

app = FastAPI()


@app.get("/settings")
async def settings() -> list[str]:
    async with SessionFactory() as session:
        names = ("application_name", "search_path")
        return [str(await session.scalar(text(f"SHOW {name}"))) for name in names]


# --- check ---
def check(bench: Bench) -> None:
    with postgresql(bench.folder) as url:
        options = "sslmode=disable&channel_binding=prefer&connect_timeout=5&application_name=shop&schema=shop"
        options += "&target_session_attrs=read-write"
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgres:") + "?" + options}
        with bench.server(env=environment) as server:
            status, _, body = get(server.url("/settings"))
    if not bench.fixed:
        assert "TypeError: connect() got an unexpected keyword argument 'sslmode'" in server.log
    assert (status, body) == (200, '["shop","shop"]'), server.log

"""A URL without an async driver goes to create_async_engine, and the application cannot even be imported."""

from troubleshoot.testing import Bench, get

URL = 'os.environ.get("DATABASE_URL", "sqlite:///app.db")'
WRONG = {
    "the prefix replaced": [
        (URL, f'{URL}.replace("postgresql://", "postgresql+asyncpg://").replace("sqlite:", "sqlite+aiosqlite:")')
    ],
    "the driver in the default alone": [(URL, URL.replace("sqlite:", "sqlite+aiosqlite:"))],
    "a plain engine for the async session": [
        ("create_async_engine(os", "create_engine(os"),
        (
            "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine",
            "from sqlalchemy import create_engine\nfrom sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker",
        ),
    ],
}

# --- broken ---
import os

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine(os.environ.get("DATABASE_URL", "sqlite:///app.db"))
SessionFactory = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)

# --- application ---
from fastapi import FastAPI
from sqlalchemy import text

app = FastAPI()


@app.get("/answer")
async def answer() -> int:
    async with SessionFactory() as session:
        return await session.scalar(text("SELECT 42")) or 0


# --- check ---
def check(bench: Bench) -> None:
    used = {
        "sqlite:///app.db": "sqlite+aiosqlite:///app.db",
        # What hosting providers hand out: the old name, an option that asyncpg calls by another name, one that it lacks.
        "postgres://app@db/app?sslmode=require&channel_binding=require": "postgresql+asyncpg://app@db/app?ssl=require",
        "postgresql+psycopg://app@db/app?sslmode=require": "postgresql+psycopg://app@db/app?sslmode=require",
    }
    script = """
import importlib, os, sys
for url in sys.argv[1:]:
    os.environ["DATABASE_URL"] = url
    main = importlib.reload(sys.modules["main"]) if "main" in sys.modules else importlib.import_module("main")
    print(main.engine.url.render_as_string())
"""
    done = bench.run("-c", script, *used)
    assert done.stdout.splitlines() == list(used.values()), done.stdout + done.stderr
    with bench.server(env={"DATABASE_URL": "sqlite:///app.db"}) as server:
        assert get(server.url("/answer"))[2] == "42"

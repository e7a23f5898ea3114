"""A URL without an async driver goes to create_async_engine, and the application cannot even be imported."""

from troubleshoot.testing import Bench, get

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
    env = {"DATABASE_URL": "sqlite:///app.db"}
    done = bench.run("-c", "import main", env=env)
    assert done.returncode == 0, done.stderr
    with bench.server(env=env) as server:
        assert get(server.url("/answer"))[2] == "42"
    # What a hosting provider hands out: the old name, and an option that asyncpg calls by another name.
    print_url = "import main; print(main.engine.url.render_as_string())"
    done = bench.run("-c", print_url, env={"DATABASE_URL": "postgres://app@db/app?sslmode=require"})
    assert done.stdout.strip() == "postgresql+asyncpg://app@db/app?ssl=require", done.stdout + done.stderr

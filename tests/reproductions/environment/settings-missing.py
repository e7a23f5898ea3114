"""A server that is started from another folder does not find its .env file; the prefix and real variables count, too."""

from troubleshoot.testing import Bench

PARAMETERS = {"prefix": "SHOP_"}

BROKEN = """\
from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_prefix="SHOP_")

    database_url: str


@lru_cache
def get_settings() -> Settings:
    return Settings()
"""

FILES = {".env": "SHOP_DATABASE_URL=sqlite:///from-file.db\n", "deploy/README": "the server is started from here\n"}
WRONG = {
    "an empty default": [("database_url: str", 'database_url: str = ""')],
    "a relative path of another kind": [('env_file=".env"', 'env_file="./.env"')],
    "the path as it is here": [('env_file=".env"', 'env_file="../.env"')],
}

# --- application ---
from typing import Annotated

from fastapi import Depends, FastAPI

from settings import Settings, get_settings

app = FastAPI()
get_settings()


@app.get("/database")
async def database(settings: Annotated[Settings, Depends(get_settings)]) -> str:
    return settings.database_url


# --- check ---
def check(bench: Bench) -> None:
    from troubleshoot.testing import eventually, get

    def answer(start: Bench, variables: dict[str, str]) -> str:
        """Return what the server answers, or says while it ends."""
        with start.server("--app-dir", str(bench.folder), env=variables, wait=False) as server:
            assert eventually(lambda: "Uvicorn running" in server.log or server.process.poll() is not None, 60)
            return server.log if server.process.poll() is not None else get(server.url("/database"))[2]

    here, elsewhere = bench, Bench(bench.folder / "deploy", bench.fixed)
    assert answer(here, {}) == '"sqlite:///from-file.db"'
    assert answer(here, {"SHOP_DATABASE_URL": "sqlite:///real.db"}) == '"sqlite:///real.db"'
    seen = answer(elsewhere, {})
    if not bench.fixed:
        assert "Field required" in seen or seen == '""'
    assert seen == '"sqlite:///from-file.db"'
    (bench.folder / ".env").unlink()
    seen = answer(elsewhere, {})
    assert f"not set: SHOP_DATABASE_URL; {bench.folder / '.env'} was not there" in seen

"""The cached settings keep the value of the first application, whatever the environment says later."""

from troubleshoot.testing import Bench

WRONG = {
    "cache_clear() where the application is made": [
        ("    app = FastAPI(", "    get_settings.cache_clear()\n    app = FastAPI("),
    ],
    "settings at the level of the module": [
        (
            "@lru_cache\ndef get_settings() -> Settings:\n    return Settings()\n",
            "settings = Settings()\n\n\ndef get_settings() -> Settings:\n    return settings\n",
        ),
    ],
}

# --- broken ---
import os
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, FastAPI


class Settings:
    def __init__(self) -> None:
        self.greeting = os.environ.get("GREETING", "hello")


@lru_cache
def get_settings() -> Settings:
    return Settings()


def create_app() -> FastAPI:
    app = FastAPI(title=get_settings().greeting)

    @app.get("/greeting")
    async def read_greeting(settings: Annotated[Settings, Depends(get_settings)]) -> str:
        return settings.greeting

    return app


# --- application ---
from fastapi.testclient import TestClient


def application(greeting: str) -> TestClient:
    os.environ["GREETING"] = greeting
    return TestClient(create_app())


def greetings() -> list[str]:
    first, second = application("one"), application("two")
    return [client.get("/greeting").json() for client in (first, second, first)]


# --- check ---
def check(bench: Bench) -> None:
    done = bench.run("-W", "ignore", "-c", "import main; print(*main.greetings())")
    assert done.stdout == "one two one\n", done.stdout + done.stderr

"""The cached settings keep the value of the first application, whatever the environment says later."""

from troubleshoot.testing import Bench

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


def ask(greeting: str) -> str:
    os.environ["GREETING"] = greeting
    return TestClient(create_app()).get("/greeting").json()


# --- check ---
def check(bench: Bench) -> None:
    done = bench.run("-W", "ignore", "-c", "from main import ask; print(ask('one'), ask('two'))")
    assert done.stdout == "one two\n", done.stdout + done.stderr

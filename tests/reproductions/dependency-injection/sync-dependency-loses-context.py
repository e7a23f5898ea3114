"""The variable is set in the copy of the context that the dependency's thread has, and the endpoint finds nothing."""

from troubleshoot.testing import Bench, get

WRONG = {
    "a default for the variable": [('ContextVar("current_tenant")', 'ContextVar("current_tenant", default="")')],
    "yield instead of return": [
        (
            "    current_tenant.set(x_tenant.lower())\n",
            "    token = current_tenant.set(x_tenant.lower())\n    yield\n    current_tenant.reset(token)\n",
        ),
        ("-> None:", "-> Iterator[None]:"),
        (
            "from contextvars import ContextVar\n",
            "from collections.abc import Iterator\nfrom contextvars import ContextVar\n",
        ),
    ],
    "threading.local": [
        ("current_tenant.set(x_tenant.lower())", "current_tenant.value = x_tenant.lower()"),
        ("current_tenant.get()", "current_tenant.value"),
        ('current_tenant: ContextVar[str] = ContextVar("current_tenant")', "current_tenant = local()"),
        ("from contextvars import ContextVar\n", "from threading import local\n"),
    ],
}

# --- broken ---
from contextvars import ContextVar
from typing import Annotated

from fastapi import APIRouter, Depends, Header

router = APIRouter()
current_tenant: ContextVar[str] = ContextVar("current_tenant")


def bind_tenant(x_tenant: Annotated[str, Header()]) -> None:
    current_tenant.set(x_tenant.lower())


def greeting() -> str:
    return f"hello {current_tenant.get()}"


@router.get("/tenant", dependencies=[Depends(bind_tenant)])
async def read_tenant() -> str:
    return greeting()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/in-a-thread", dependencies=[Depends(bind_tenant)])
def read_in_a_thread() -> str:
    return greeting()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        for path in ("/tenant", "/in-a-thread"):
            status, _, text = get(server.url(path), headers={"X-Tenant": "ANN"})
            assert (status, text) == (200, '"hello ann"'), f"{path}: {status} {text}"
    assert "LookupError" not in server.log
    assert "different Context" not in server.log

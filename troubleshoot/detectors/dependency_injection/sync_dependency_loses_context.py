"""A context variable that is set in a thread, where the endpoint does not see it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import short

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI, Header

from context import set_tenant, tenant, user

app = FastAPI()


def get_user(x_user: str = Header("")):
    user.set(x_user)
    return x_user


def get_tenant(x_tenant: str = Header("")):
    token = tenant.set(x_tenant)
    yield x_tenant
    tenant.reset(token)


def get_both(x_tenant: str = Header("")):
    set_tenant(x_tenant)


@app.get("/me")
async def me(name=Depends(get_user), other=Depends(get_tenant), both=Depends(get_both)):
    return user.get()
""",
    "context.py": """
from contextvars import ContextVar

user: ContextVar[str] = ContextVar("user")
tenant = ContextVar("tenant", default="")


def set_tenant(name):
    tenant.set(name)
""",
}
FIXED = {
    "main.py": """
from contextvars import ContextVar

from fastapi import Depends, FastAPI, Header

app = FastAPI()
user = ContextVar("user")


async def get_user(x_user: str = Header("")):
    token = user.set(x_user)
    try:
        yield x_user
    finally:
        user.reset(token)


def get_name():
    return user.get()


def get_short(x_user: str = Header("")):
    token = user.set(x_user)
    try:
        return get_name().upper()
    finally:
        user.reset(token)


@app.get("/me")
def me(name=Depends(get_user), other=Depends(get_name), more=Depends(get_short)):
    user.set("me")
    return get_name()
"""
}
SETS = re.compile(r"contextvars\.ContextVar\(\)\.set|structlog\.contextvars\.(bind|clear)_contextvars")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls in plain `def` dependencies that set a variable of the context."""
    for reached in project.reached_as("dependency"):
        function = reached.function
        if reached.place != "thread pool":
            continue
        resets = any(isinstance(call.func, ast.Attribute) and call.func.attr == "reset" for call in function.body.calls)
        if resets and not function.is_generator:
            continue
        for call in function.body.calls:
            if SETS.fullmatch(project.path(call.func, function)):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="warning",
                    message=f"{reached.root.qualname} runs in a thread, so the endpoint does not see {short(call)}",
                    captured={"function": reached.root.name},
                    nodes={"root": reached.root.node},
                )

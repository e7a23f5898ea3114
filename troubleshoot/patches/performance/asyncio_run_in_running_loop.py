"""`await` instead of `asyncio.run`, also in a helper that only async functions call."""

from __future__ import annotations

import ast

from troubleshoot.code.application.reach import function_of
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.awaits import await_here, awaited_as
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import make_async
from troubleshoot.patching.texts import WithheldError

EXAMPLE = {
    "main.py": """
import asyncio

from fastapi import FastAPI

from users import count_users, load_users

app = FastAPI()


@app.get("/users")
async def read_users():
    users = asyncio.run(load_users())
    first = asyncio.get_event_loop().run_until_complete(
        load_users(),
    )[0]  # the oldest
    return [users, first]


@app.get("/users/count")
async def read_count():
    return {"count": count_users() + 1}


@app.get("/users/thread")
def read_in_thread():
    return asyncio.run(load_users())
""",
    "users.py": """
import asyncio


async def load_users():
    return ["ada"]


def count_users():
    return len(asyncio.run(load_users()))
""",
}
RUNNERS = ("run", "run_until_complete")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Await what a second loop would run, and the helper that would start one."""
    function, call = sighting.function, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    if not sighting.chain:
        _await_run(draft, function, call)
        return
    project = draft.project
    helper = function_of(project.value(call.func, function), project.inference)
    if helper is None or len(sighting.chain) > 2:
        raise WithheldError("several functions stand between, each of which has to become async")
    runs = [item for item in helper.body.calls if last_name(item.func) in RUNNERS and len(item.args) == 1]
    if len(runs) != 1 or helper.is_generator:
        raise WithheldError(f"{helper.qualname} does more than run one coroutine")
    places: list[tuple[Function | Module, ast.Call]] = list(callers(project, helper))
    for where, _ in places:
        if not isinstance(where, Function) or not where.is_async:
            raise WithheldError(f"{helper.qualname} is called from a function that is not async, too")
    make_async(draft, helper, all_awaited=True)
    _await_run(draft, helper, runs[0])
    for where, found in places:
        assert isinstance(where, Function)
        await_here(draft, where.module, found)


def _await_run(draft: Draft, function: Function, call: ast.Call) -> None:
    """Put `await x` in the place of `asyncio.run(x)`."""
    if last_name(call.func) not in RUNNERS or draft.project.path(call.func, function).startswith("uvicorn"):
        raise WithheldError("what starts the loop is not a call that runs one coroutine")
    if len(call.args) != 1 or call.keywords or isinstance(call.args[0], ast.Starred):
        raise WithheldError("the loop is given more than a coroutine")
    awaited_as(draft, function.module, call, call.args[0])

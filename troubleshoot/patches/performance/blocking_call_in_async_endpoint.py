"""`def` where nothing is awaited, else the call goes to the thread pool; `time.sleep` has a counterpart."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.model import Role
from troubleshoot.patches.blocking import wait_on_the_side
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import make_sync, needs_async
from troubleshoot.patching.texts import WithheldError

EXAMPLE = {
    "main.py": """
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/rate")
async def read_rate(url: str):
    return requests.get(url, timeout=3).json()


@app.get("/both")
async def read_both(url: str):
    first = requests.get(url, timeout=3)
    return first.json(), await other()


async def other():
    return 1
""",
}
RUN_BY_FASTAPI: tuple[Role, ...] = ("path operation", "dependency")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Make the function that FastAPI calls a plain one if it can be, else wait for the call in a thread."""
    function, call = sighting.function, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    project = draft.project
    is_sleep = project.path(call.func, function) == "time.sleep"
    if not is_sleep and function in project.called_as(*RUN_BY_FASTAPI) and not needs_async(function):
        make_sync(draft, function)
    else:
        wait_on_the_side(draft, function, call)

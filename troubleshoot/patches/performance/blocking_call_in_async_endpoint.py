"""`def` where nothing is awaited, else the call goes to the thread pool; `time.sleep` has a counterpart."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.threads import move_off_the_loop
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import awaited
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


def patch(sighting: Sighting, draft: Draft) -> None:
    """Make the function that FastAPI calls a plain one if it can be, else wait for the call in a thread."""
    function, call = sighting.function, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    if draft.project.path(call.func, function) == "time.sleep":
        given = ", ".join(draft.text(sighting.module, item) for item in call.args)
        draft.replace(sighting.module, call, awaited(call, f"{draft.name(sighting.module, 'asyncio.sleep')}({given})"))
    else:
        move_off_the_loop(draft, function, call)

"""One client for the module, which every request uses."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.shared import share
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

EXAMPLE = {
    "main.py": """
import httpx
import redis
from fastapi import Depends, FastAPI
from openai import AsyncOpenAI

URL = "https://example.org"
app = FastAPI()


def get_redis():
    return redis.Redis(host="localhost")


@app.get("/weather")
async def read_weather(city: str, cache=Depends(get_redis)):
    async with httpx.AsyncClient(base_url=URL, timeout=10) as client:
        # One call is enough.
        response = await client.get(
            f"/{city}",
        )
        return response.text


@app.get("/news")
async def read_news():
    async with httpx.AsyncClient(base_url=URL, timeout=10) as client:
        return (await client.get("/news")).text


@app.get("/answer")
async def answer(question: str):
    llm = AsyncOpenAI()
    return await llm.responses.create(model="small", input=question)
"""
}
BOUND = (
    "aiohttp.ClientSession",
    "requests.Session",
    "requests.session",
    "boto3.resource",
    "aiokafka.AIOKafkaProducer",
)


def patch(sighting: Sighting, draft: Draft) -> None:
    """Share the client, if its library lets several requests use one that is made before there is an event loop."""
    function, call = sighting.function, sighting.node
    assert function is not None
    assert isinstance(call, ast.Call)
    if draft.project.path(call.func, function) in BOUND:
        raise WithheldError("such a client belongs to one event loop or thread; open it in the lifespan")
    share(draft, function, call, "client")

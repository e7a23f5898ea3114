"""A client sends JSON without a content type, and the model is given a text."""

from troubleshoot.testing import Bench

WRONG = {
    "a media type in Body()": [
        ("receive(event: Event)", 'receive(event: Annotated[Event, Body(media_type="text/plain")])'),
        ("from fastapi import APIRouter", "from typing import Annotated\n\nfrom fastapi import APIRouter, Body"),
    ],
    "request.json() by hand": [
        (
            "receive(event: Event) -> Event:\n    return event",
            "receive(request: Request):\n    return Event.model_construct(**await request.json())",
        ),
        ("from fastapi import APIRouter", "from fastapi import APIRouter, Request"),
    ],
    "for the whole application": [("app = FastAPI()", "app = FastAPI(strict_content_type=False)")],
}

# --- broken ---
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(prefix="/webhooks")


class Event(BaseModel):
    name: str


@router.post("")
async def receive(event: Event) -> Event:
    return event


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.post("/strict")
async def strict(event: Event) -> Event:
    return event


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        assert requests.post(server.url("/webhooks"), json={"name": "paid"}, timeout=30).status_code == 200
        assert requests.post(server.url("/strict"), data='{"name": "paid"}', timeout=30).status_code == 422
        response = requests.post(server.url("/webhooks"), data='{"name": "paid"}', timeout=30)
        nameless = requests.post(server.url("/webhooks"), data="{}", timeout=30)
    assert "valid dictionary" not in response.text
    assert (response.status_code, response.json()) == (200, {"name": "paid"})
    assert nameless.status_code == 422
    assert nameless.json()["detail"][0]["loc"] == ["body", "name"]

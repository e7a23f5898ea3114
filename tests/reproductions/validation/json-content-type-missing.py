"""A client sends JSON without a content type, and the model is given a text."""

from troubleshoot.testing import Bench

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
        assert requests.post(server.url("/webhooks"), json={"name": "paid"}, timeout=5).status_code == 200
        assert requests.post(server.url("/strict"), data='{"name": "paid"}', timeout=5).status_code == 422
        answer = requests.post(server.url("/webhooks"), data='{"name": "paid"}', timeout=5)
    assert "valid dictionary" not in answer.text
    assert answer.json() == {"name": "paid"}

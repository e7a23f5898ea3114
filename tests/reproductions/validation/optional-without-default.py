"""A client leaves out what is typed as optional and is refused with 422."""

from troubleshoot.testing import Bench

# --- broken ---
from typing import Optional

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Item(BaseModel):
    name: str
    description: Optional[str]


@router.post("/items")
async def create(body: Item, note: Optional[str]) -> dict[str, Optional[str]]:
    return {"name": body.name, "description": body.description, "note": note}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(bench.load().app)
    complete = client.post("/items?note=new", json={"name": "lamp", "description": None})
    assert complete.json() == {"name": "lamp", "description": None, "note": "new"}
    short = client.post("/items", json={"name": "lamp"})
    assert "Field required" not in short.text
    assert short.json() == {"name": "lamp", "description": None, "note": None}

"""A client leaves out what is typed as optional and is refused with 422."""

from troubleshoot.testing import Bench

WRONG = {
    "Field() and Query() without a default": [
        ("description: Optional[str]\n", "description: Optional[str] = Field(...)\n"),
        ("note: Optional[str])", "note: Annotated[Optional[str], Query()])"),
        ("from typing import Optional", "from typing import Annotated, Optional"),
        ("from fastapi import APIRouter", "from fastapi import APIRouter, Query"),
        ("from pydantic import BaseModel", "from pydantic import BaseModel, Field"),
    ],
    "a default for the model's field alone": [("description: Optional[str]\n", "description: Optional[str] = None\n")],
    "an empty text as the default": [
        ("description: Optional[str]\n", 'description: Optional[str] = ""\n'),
        ("note: Optional[str])", 'note: Optional[str] = "")'),
    ],
}

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

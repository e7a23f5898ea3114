"""A client sends a file and JSON text in one form; the model gets the text and refuses it."""

from troubleshoot.testing import Bench

# --- broken ---
from fastapi import APIRouter, UploadFile
from pydantic import BaseModel

router = APIRouter()


class Item(BaseModel):
    name: str
    tags: list[str] = []


@router.post("/items")
async def upload(item: Item, file: UploadFile) -> dict[str, str | int | None]:
    return {"name": item.name, "tags": len(item.tags), "file": file.filename, "size": len(await file.read())}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    import requests

    with bench.server() as server:
        answer = requests.post(
            server.url("/items"),
            data={"item": json.dumps({"name": "lamp", "tags": ["new", "red"]})},
            files={"file": ("lamp.png", b"picture")},
            timeout=5,
        )
    assert "valid dictionary" not in answer.text
    assert answer.json() == {"name": "lamp", "tags": 2, "file": "lamp.png", "size": 7}

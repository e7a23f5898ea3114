"""A client sends a file and JSON text in one form; the model gets the text and refuses it."""

from troubleshoot.testing import Bench

WRONG = {
    "Body() for the model": [
        ("item: Item, file", "item: Annotated[Item, Body()], file"),
        ("from fastapi import APIRouter", "from typing import Annotated\n\nfrom fastapi import Body, APIRouter"),
    ],
    "Depends() for the model": [
        ("item: Item, file: UploadFile", "file: UploadFile, item: Item = Depends()"),
        ("from fastapi import APIRouter", "from fastapi import Depends, APIRouter"),
    ],
    "json.loads of a text field": [
        ("item: Item, file", "item: Annotated[str, Form()], file"),
        ("    return {", "    item = Item(**json.loads(item))\n    return {"),
        (
            "from fastapi import APIRouter",
            "import json\nfrom typing import Annotated\n\nfrom fastapi import Form, APIRouter",
        ),
    ],
}

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

        def sent(item: str) -> requests.Response:
            files = {"file": ("lamp.png", b"picture")}
            return requests.post(server.url("/items"), data={"item": item}, files=files, timeout=30)

        response = sent(json.dumps({"name": "lamp", "tags": ["new", "red"]}))
        refused = [sent(item) for item in ('{"name": 1}', "lamp")]
    assert "valid dictionary" not in response.text
    assert response.status_code == 200
    assert response.json() == {"name": "lamp", "tags": 2, "file": "lamp.png", "size": 7}
    assert [each.status_code for each in refused] == [422, 422]
    assert [each.json()["detail"][0]["loc"][:2] for each in refused] == [["body", "item"]] * 2

"""The route ends in a slash, the client posts without it, and the server answers 307 instead of creating anything."""

from troubleshoot.testing import Bench

WRONG = {
    "redirects switched off": [("app = FastAPI()", "app = FastAPI(redirect_slashes=False)")],
    "redirects of the router switched off": [
        ('APIRouter(prefix="/items")', 'APIRouter(prefix="/items", redirect_slashes=False)')
    ],
    "the other spelling only": [('@router.post("/", status', '@router.post("", status')],
}

# --- broken ---
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(prefix="/items")


class Item(BaseModel):
    name: str


@router.post("/", status_code=201)
async def create(item: Item) -> Item:
    return item


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        for path in ("/items/", "/items"):
            answer = requests.post(server.url(path), json={"name": "lamp"}, allow_redirects=False, timeout=5)
            assert (answer.status_code, answer.headers.get("location")) == (201, None)
            assert answer.json() == {"name": "lamp"}

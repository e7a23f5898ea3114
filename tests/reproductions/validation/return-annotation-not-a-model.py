"""Two return annotations that Pydantic does not know keep the server from starting."""

from troubleshoot.testing import Bench, get

WRONG = {
    # It starts, and clients get what is not meant for them.
    "no annotations": [(" -> RedirectResponse | JSONResponse:", ":"), (" -> Row:", ":")],
    "the annotations in quotes": [
        ("-> RedirectResponse | JSONResponse:", '-> "RedirectResponse | JSONResponse":'),
        ("-> Row:", '-> "Row":'),
    ],
    "response_class in the decorator": [
        ('{item_id}/open")', '{item_id}/open", response_class=RedirectResponse)'),
        ('@router.get("/items/{item_id}")', '@router.get("/items/{item_id}", response_class=JSONResponse)'),
    ],
}

# --- broken ---
from fastapi import APIRouter
from fastapi.responses import JSONResponse, RedirectResponse

router = APIRouter()


class Row:
    def __init__(self, name: str, secret: str) -> None:
        self.name = name
        self.secret = secret


@router.get("/items/{item_id}/open")
async def open_item(item_id: int) -> RedirectResponse | JSONResponse:
    if item_id > 9:
        return JSONResponse({"detail": "Not found"}, status_code=404)
    return RedirectResponse(f"/items/{item_id}")


@router.get("/items/{item_id}")
async def read_item(item_id: int) -> Row:
    return Row(name=f"item {item_id}", secret="internal")


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    imported = bench.run("-c", "import main")
    assert "Invalid args for response field" not in imported.stderr
    with bench.server() as server:
        # The client follows the redirect.
        opened = get(server.url("/items/1/open"))
        missing = get(server.url("/items/10/open"))
    assert (opened[0], json.loads(opened[2])) == (200, {"name": "item 1"})
    assert missing[0] == 404

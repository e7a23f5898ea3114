"""A JSONResponse with status 204 has a body; uvicorn fails on it and gives up the connection."""

from troubleshoot.testing import Bench

WRONG = {
    "an empty dictionary": [("JSONResponse(None,", "JSONResponse({},")],
    "the status in the decorator as well": [('"/items/{item_id}")', '"/items/{item_id}", status_code=204)')],
    "a Content-Length of 0": [("HTTP_204_NO_CONTENT)", 'HTTP_204_NO_CONTENT, headers={"Content-Length": "0"})')],
}

# --- broken ---
from fastapi import APIRouter, status
from fastapi.responses import JSONResponse

router = APIRouter()
ITEMS = {1: "lamp", 2: "table"}


@router.delete("/items/{item_id}")
async def delete_item(item_id: int):
    ITEMS.pop(item_id)
    return JSONResponse(None, status_code=status.HTTP_204_NO_CONTENT)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        response = requests.delete(server.url("/items/1"), timeout=30)
        assert response.status_code == 204
        assert response.content == b""
        assert requests.get(server.url("/openapi.json"), timeout=30).ok
    assert "Content-Length" not in server.log
    assert "Traceback" not in server.log

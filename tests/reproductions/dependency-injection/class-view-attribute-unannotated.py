"""A dependency in the body of a class-based view, without an annotation, stays a Depends object."""

from troubleshoot.testing import Bench, get

WRONG = {
    "Annotated, as in a function": [
        ("    locale = Depends(get_locale)\n", "    locale: Annotated[str, Depends(get_locale)]\n"),
        ("router = APIRouter()\n", "from typing import Annotated\n\nrouter = APIRouter()\n"),
    ],
    "Depends in __init__": [
        ("    locale = Depends(get_locale)\n", "    def __init__(self):\n        self.locale = Depends(get_locale)\n"),
    ],
}

# --- broken ---
from fastapi import APIRouter, Depends, Request
from fastapi_utils.cbv import cbv

router = APIRouter()


def get_locale(request: Request) -> str:
    return request.headers.get("accept-language", "en")


@cbv(router)
class ItemView:
    locale = Depends(get_locale)

    @router.get("/items")
    def read(self):
        return {"locale": self.locale}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, _, body = get(server.url("/items"), headers={"accept-language": "fr"})
        assert (status, body) == (200, '{"locale":"fr"}')

"""What becomes of an application that is mounted on a router, with the prefix at the router or at include_router."""

CLAIMS = ["Since FastAPI 0.137"]
SEEN = {"fastapi-0.121": "404 404 404", "now": "200 404 200"}

from asgi import get
from fastapi import APIRouter, FastAPI
from starlette.responses import PlainTextResponse


def status(own, given):
    router = APIRouter(prefix=own)
    router.mount("/inner", PlainTextResponse("inner"))
    app = FastAPI()
    app.include_router(router, prefix=given)
    return get(app, own + given + "/inner/").status


print(status("", ""), status("/api", ""), status("", "/api"))

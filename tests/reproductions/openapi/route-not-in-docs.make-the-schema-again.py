"""A route that is added while the server runs answers, and the schema is the one that was kept before."""

from troubleshoot.testing import Bench, get

INCLUDE = "    app.include_router(router)\n"
WRONG = {
    "the schema asked for": [(INCLUDE, f"{INCLUDE}    app.openapi()\n")],
    "the docs set up again": [(INCLUDE, f"{INCLUDE}    app.setup()\n")],
    "include_in_schema=True": [(INCLUDE, "    app.include_router(router, include_in_schema=True)\n")],
}

# --- broken ---
from fastapi import APIRouter, FastAPI


def add_routes(app: FastAPI, router: APIRouter) -> None:
    app.include_router(router)


# --- application ---
from fastapi.openapi.utils import get_openapi

app = FastAPI()


def custom_openapi():
    if app.openapi_schema:
        return app.openapi_schema
    app.openapi_schema = get_openapi(title="Ours", version="1", routes=app.routes)
    return app.openapi_schema


app.openapi = custom_openapi


@app.post("/plugins")
async def install() -> None:
    router = APIRouter()
    router.add_api_route("/reports", lambda: "report")
    add_routes(app, router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    import requests

    with bench.server() as server:
        before = json.loads(get(server.url("/openapi.json"))[2])
        assert list(before["paths"]) == ["/plugins"]
        assert requests.post(server.url("/plugins"), timeout=10).status_code == 200
        assert get(server.url("/reports"))[2] == '"report"'
        after = json.loads(get(server.url("/openapi.json"))[2])
    assert after["info"]["title"] == "Ours"
    assert sorted(after["paths"]) == ["/plugins", "/reports"]

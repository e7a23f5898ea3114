"""The routes of a mounted application answer, and the docs page of the application around it does not list them."""

from troubleshoot.testing import Bench, get

MOUNT = '    app.mount("/shop", shop)\n'
WRONG = {
    "include_in_schema=True and a tag": [
        ('shop.get("/orders")', 'shop.get("/orders", include_in_schema=True, tags=["shop"])')
    ],
    "an operation id": [('shop.get("/orders")', 'shop.get("/orders", operation_id="listOrders")')],
    "the address of the schema": [
        ("shop = FastAPI()", 'shop = FastAPI(openapi_url="/openapi.json", root_path="/shop")')
    ],
    "the schema made again": [(MOUNT, f"{MOUNT}    app.openapi_schema = None\n    app.setup()\n")],
    "the mount through a router": [
        (MOUNT, '    router = APIRouter()\n    router.mount("/shop", shop)\n    app.include_router(router)\n'),
        ("import FastAPI", "import APIRouter, FastAPI"),
    ],
    "its router mounted": [(MOUNT, '    app.mount("/shop", shop.router)\n')],
    "the routes copied": [(MOUNT, f"{MOUNT}    app.router.routes.extend(shop.routes)\n")],
}

# --- broken ---
from fastapi import FastAPI

shop = FastAPI()


@shop.get("/orders")
async def list_orders() -> list[str]:
    return []


def add_shop(app: FastAPI) -> None:
    app.mount("/shop", shop)


# --- application ---
app = FastAPI(title="All of it")


@app.get("/health")
async def health() -> str:
    return "ok"


add_shop(app)


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        assert get(server.url("/shop/orders"))[2] == "[]"
        assert get(server.url("/health"))[2] == '"ok"'
        schema = json.loads(get(server.url("/openapi.json"))[2])
    assert schema["info"]["title"] == "All of it"
    assert sorted(schema["paths"]) == ["/health", "/shop/orders"]
    assert list(schema["paths"]["/shop/orders"]) == ["get"]

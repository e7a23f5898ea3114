"""A route with two methods gives both of its operations the same id."""

from troubleshoot.testing import Bench, get

METHODS = 'methods=["GET", "POST"]'
WRONG = {
    "operation_id for the route": [(METHODS, METHODS + ', operation_id="receive_hooks"')],
    "the warning silenced": [
        (
            "router = APIRouter()",
            'warnings.filterwarnings("ignore", message="Duplicate Operation ID")\nrouter = APIRouter()',
        ),
        ("from fastapi import APIRouter", "import warnings\n\nfrom fastapi import APIRouter"),
    ],
    "another name for the function": [("async def receive", "async def receive_hook")],
}

# --- broken ---
from fastapi import APIRouter, Request

router = APIRouter()


@router.api_route("/hooks", methods=["GET", "POST"])
async def receive(request: Request):
    return {"method": request.method}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:
        for method in ("GET", "POST"):
            assert json.loads(get(server.url("/hooks"), method=method)[2]) == {"method": method}
        paths = json.loads(get(server.url("/openapi.json"))[2])["paths"]
        ids = [operation["operationId"] for operation in paths["/hooks"].values()]
        if not bench.fixed:
            assert server.wait_for_log("UserWarning: Duplicate Operation ID receive_hooks_")
        assert len(set(ids)) == 2
        assert "Duplicate Operation ID" not in server.log

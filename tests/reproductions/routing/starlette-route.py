"""A function with parameters and a dictionary as its result is a route of Starlette, which knows neither."""

from troubleshoot.testing import Bench, get

SIGNATURE = 'async def home(q: str = "", size: int = Depends(page_size)) -> dict[str, int | str]:\n'
RESULT = '    return {"q": q, "size": size}\n'
WRONG = {
    "a request in front of the parameters": [(SIGNATURE, SIGNATURE.replace("home(", "home(request, "))],
    "a response around the result": [
        (SIGNATURE, "async def home(request: Request) -> Response:\n    q, size = request.query_params, page_size\n"),
        (RESULT, '    return JSONResponse({"q": str(q), "size": str(size)})\n'),
    ],
}

# --- broken ---
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

router = APIRouter()


def page_size() -> int:
    return 20


async def home(q: str = "", size: int = Depends(page_size)) -> dict[str, int | str]:
    return {"q": q, "size": size}


router.add_route("/home", home, methods=["GET", "POST"])

# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        answers = {get(server.url("/home?q=x"))[::2], get(server.url("/home?q=x"), method="POST")[::2]}
        described = get(server.url("/openapi.json"))[2]
    assert answers == {(200, '{"q":"x","size":20}')}
    assert '"/home"' in described

"""A rule of the business is broken, the exception leaves the endpoint, and the client gets 500."""

from troubleshoot.testing import Bench, get

CREATED = """\
def create_order(article: str, count: int = 1) -> int:
    return take(article, count)
"""
WRONG = {
    "except Exception, and the text of it": [
        (
            CREATED,
            """\
def create_order(article: str, count: int = 1):
    try:
        return take(article, count)
    except Exception as error:
        return {"error": str(error)}
""",
        ),
    ],
    "409 for every exception": [
        (
            CREATED,
            """\
def create_order(article: str, count: int = 1) -> int:
    try:
        return take(article, count)
    except Exception as error:
        raise HTTPException(409, str(error))
""",
        ),
        ("from fastapi import APIRouter, FastAPI\n", "from fastapi import APIRouter, FastAPI, HTTPException\n"),
    ],
    "a handler for Exception": [
        (
            "def handle_errors(app: FastAPI) -> None:\n    pass\n",
            "def handle_errors(app: FastAPI) -> None:\n"
            "    app.add_exception_handler(Exception, lambda request, error: PlainTextResponse(str(error), 409))\n",
        ),
        (
            "from fastapi import APIRouter, FastAPI\n",
            "from fastapi import APIRouter, FastAPI\nfrom fastapi.responses import PlainTextResponse\n",
        ),
    ],
    "as much as there is": [("        raise OutOfStock(article)\n", "        count = stock.get(article, 0)\n")],
}

# --- broken ---
from fastapi import APIRouter, FastAPI

router = APIRouter()
stock = {"lamp": 1}


class OutOfStock(Exception):
    pass


def handle_errors(app: FastAPI) -> None:
    pass


def take(article: str, count: int) -> int:
    if stock.get(article, 0) < count:
        raise OutOfStock(article)
    stock[article] -= count
    return stock[article]


@router.post("/orders")
def create_order(article: str, count: int = 1) -> int:
    return take(article, count)


# --- application ---
app = FastAPI()
app.include_router(router)
handle_errors(app)
stock["shade"] = "many"  # a mistake of ours, not of the client


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        answers = [get(server.url("/orders?article=lamp"), method="POST") for _ in range(2)]
        bug = get(server.url("/orders?article=shade"), method="POST")[0]
        assert server.wait_for_log("TypeError: '<' not supported")
        assert "OutOfStock: lamp" not in server.log
    assert [status for status, _, _ in answers] == [200, 409]
    assert answers[0][2] == "0"
    assert "lamp" in answers[1][2]
    assert bug == 500

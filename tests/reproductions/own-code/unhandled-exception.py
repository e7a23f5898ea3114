"""A rule of the business is broken, the exception leaves the endpoint, and the client gets 500."""

from troubleshoot.testing import Bench, get

ATTEMPT = """\
from fastapi import APIRouter, FastAPI

router = APIRouter()
stock = {"lamp": 1}


def handle_errors(app: FastAPI) -> None:
    pass


@router.post("/orders")
def create_order(article: str, count: int = 1):
    try:
        if stock[article] < count:
            raise ValueError(article)
        stock[article] -= count
        return stock[article]
    except Exception as error:
        return {"error": str(error)}
"""
WRONG = {"the first thing tried": ATTEMPT}

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


@app.get("/bug")
def bug() -> float:
    return 1 / 0


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        answers = [get(server.url("/orders?article=lamp"), method="POST") for _ in range(2)]
        bug = get(server.url("/bug"))[0]
        assert server.wait_for_log("ZeroDivisionError")
        if not bench.fixed:
            assert "main.OutOfStock: lamp" in server.log or answers[1][0] != 500
        assert "OutOfStock: lamp" not in server.log
    assert [status for status, _, _ in answers] == [200, 409]
    assert "lamp" in answers[1][2]
    assert bug == 500

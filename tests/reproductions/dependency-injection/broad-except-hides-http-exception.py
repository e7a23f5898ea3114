"""A 404 raised inside `try` is caught by `except Exception` and reaches the client as a 500 that tells too much."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/items/{item_id}", "endpoint": "read_item"}
WRONG = {
    "except HTTPException: raise before it": [
        (
            "    except Exception as error:\n",
            "    except HTTPException:\n        raise\n    except Exception as error:\n",
        ),
    ],
    "the status of the exception, if it has one": [
        (
            "HTTPException(500, detail=str(error))",
            'HTTPException(getattr(error, "status_code", 500), detail=str(error))',
        ),
    ],
    "a plain text instead of str(error)": [("detail=str(error)", 'detail="Internal Server Error"')],
}

# --- broken ---
from fastapi import APIRouter, HTTPException

router = APIRouter()
PRICES = {"1": "9.50", "2": "not a number"}


def load_price(item_id: str) -> float:
    return float(PRICES[item_id])


@router.get("/items/{item_id}")
def read_item(item_id: str) -> float:
    try:
        if item_id not in PRICES:
            raise HTTPException(404, "Item not found")
        return load_price(item_id)
    except Exception as error:
        raise HTTPException(500, detail=str(error)) from error


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/items/1"))[2] == "9.5"
        missing = get(server.url("/items/7"))
        damaged = get(server.url("/items/2"))
        assert (missing[0], missing[2]) == (404, '{"detail":"Item not found"}')
        assert (damaged[0], damaged[2]) == (500, "Internal Server Error")
        assert server.wait_for_log("ValueError: could not convert string to float")

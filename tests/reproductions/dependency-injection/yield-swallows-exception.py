"""The dependency keeps the exception of the endpoint for itself, so an intended 404 becomes a 500."""

from troubleshoot.testing import Bench, get

KEPT = '        logging.warning("rolled back: %s", error)\n        await work.rollback()\n'
WRONG = {
    "HTTPException(500) in the except": [(KEPT, KEPT + "        raise HTTPException(500) from error\n")],
    "only HTTPException passed on": [
        (
            "    except Exception as error:\n",
            "    except HTTPException:\n        raise\n    except Exception as error:\n",
        ),
    ],
    "no except at all": [
        ("    try:\n        yield work\n    except Exception as error:\n" + KEPT, "    yield work\n"),
    ],
    "return in finally": [
        ("    except Exception as error:\n" + KEPT, "    finally:\n        await work.rollback()\n        return\n"),
    ],
}

# --- broken ---
import logging
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

router = APIRouter()


class UnitOfWork:
    items = {1: "lamp"}

    async def commit(self) -> None: ...

    async def rollback(self) -> None: ...


async def get_unit_of_work() -> AsyncIterator[UnitOfWork]:
    work = UnitOfWork()
    try:
        yield work
    except Exception as error:
        logging.warning("rolled back: %s", error)
        await work.rollback()


@router.get("/items/{item_id}")
async def read_item(item_id: int, work: Annotated[UnitOfWork, Depends(get_unit_of_work)]) -> str:
    if item_id not in work.items:
        raise HTTPException(404, "There is no such item.")
    await work.commit()
    return work.items[item_id]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
undone = []


async def rollback(self) -> None:
    undone.append(self)


UnitOfWork.rollback = rollback


@app.get("/bug")
def bug(work: Annotated[UnitOfWork, Depends(get_unit_of_work)]) -> float:
    return 1 / 0


@app.get("/undone")
def read_undone() -> int:
    return len(undone)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/items/1"))[0] == 200
        status, _, text = get(server.url("/items/7"))
        assert status == 404, f"{status} {text}"
        assert "no such item" in text
        assert get(server.url("/bug"))[::2] == (500, "Internal Server Error")
        assert server.wait_for_log("ZeroDivisionError: division by zero")
        assert get(server.url("/undone"))[2] == "2"
    assert "bare except" not in server.log

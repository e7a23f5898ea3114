"""The first task raises, and the second is never started."""

from troubleshoot.testing import Bench, eventually, get

HANDLER = """app = FastAPI()


@app.exception_handler(ConnectionError)
async def log_failure(request, error):
    logger.error("a task failed", exc_info=error)
"""
WRONG = {
    "an exception handler": [("app = FastAPI()\n", HANDLER)],
    "a try around add_task": [
        (
            "    tasks.add_task(send_mail, order_id)\n",
            "    try:\n        tasks.add_task(send_mail, order_id)\n    except Exception:\n        logger.exception('failed')\n",
        )
    ],
    "an exception that is passed over in silence": [
        (
            '    raise ConnectionError("the mail server does not answer")\n',
            '    try:\n        raise ConnectionError("the mail server does not answer")\n    except Exception:\n        pass\n',
        )
    ],
}

# --- broken ---
import logging

from fastapi import BackgroundTasks, FastAPI

logger = logging.getLogger(__name__)
app = FastAPI()


def send_mail(order_id: int) -> None:
    raise ConnectionError("the mail server does not answer")


async def count_order(order_id: int) -> None:
    logger.warning("order %s counted", order_id)


@app.post("/orders", status_code=202)
async def create_order(order_id: int, tasks: BackgroundTasks) -> None:
    tasks.add_task(send_mail, order_id)
    tasks.add_task(count_order, order_id=order_id)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/orders?order_id=7"), method="POST")[0] == 202
        assert eventually(lambda: "order 7 counted" in server.log or "Exception in ASGI" in server.log)
        assert "ConnectionError: the mail server does not answer" in server.log, "the failure is not in the log"
        assert "order 7 counted" in server.log
    assert "Exception in ASGI application" not in server.log

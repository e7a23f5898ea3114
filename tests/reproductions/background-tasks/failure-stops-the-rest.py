"""The first task raises, and the second is never started."""

from troubleshoot.testing import Bench, get

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
    tasks.add_task(count_order, order_id)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/orders?order_id=7"), method="POST")[0] == 202
        assert server.wait_for_log("the mail server does not answer", seconds=3)
        assert server.wait_for_log("order 7 counted", seconds=1.5)
    assert "Exception in ASGI application" not in server.log

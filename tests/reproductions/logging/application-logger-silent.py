"""An application sets the level of its logger and asks the server for debug: its info lines appear under neither server."""

from troubleshoot.testing import Bench

PARAMETERS = {"package": "shop"}

FILES = {
    "shop/__init__.py": "",
    "shop/orders.py": """\
import logging

logger = logging.getLogger(__name__)


def store() -> None:
    logger.info("order stored")
""",
}

OWN = 'logger = logging.getLogger("shop")\nlogger.setLevel(logging.DEBUG)\n'
WRONG = {
    "the server's logger": [(OWN, OWN.replace("shop", "uvicorn"))],
    "the level of the root logger": [(OWN, OWN + "logging.getLogger().setLevel(logging.DEBUG)\n")],
    "basicConfig under __main__": [
        (
            OWN,
            OWN
            + '\nif __name__ == "__main__":\n    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")\n',
        )
    ],
}

# --- broken ---
import logging

logger = logging.getLogger("shop")
logger.setLevel(logging.DEBUG)

# --- application ---
from fastapi import FastAPI

from shop.orders import store

app = FastAPI()


@app.get("/")
async def home() -> str:
    store()
    logger.info("home was asked for")
    logging.getLogger("another.library").info("chatter")
    logger.warning("done")
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import re
    import sys

    from troubleshoot.testing import free_port, get

    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "main:app", "-k", "uvicorn.workers.UvicornWorker"]
    gunicorn += ["--bind", f"127.0.0.1:{port}", "--log-level", "debug", "--no-control-socket"]
    for running in (bench.server("--log-level", "debug"), bench.process(gunicorn, port=port)):
        with running as server:
            assert get(server.url("/"))[0] == 200
            assert server.wait_for_log("done")
            log = server.log
        if not bench.fixed:
            assert "order stored" not in log
        assert re.search(r"^[\d:, -]+ INFO shop\.orders: order stored$", log, re.MULTILINE), log
        assert re.search(r"^[\d:, -]+ INFO shop: home was asked for$", log, re.MULTILINE), log
        assert log.count("home was asked for") == 1
        assert "chatter" not in log

"""The dependency builds a client for each request, and none of them is ever closed."""

from troubleshoot.testing import Bench, get

WRONG = {
    "lru_cache on the dependency": [
        ("def get_client()", "@lru_cache\ndef get_client()"),
        ("import logging\n", "import logging\nfrom functools import lru_cache\n"),
    ],
    "closing it behind a yield": [
        (
            "def get_client() -> SearchClient:\n    return SearchClient()\n",
            "async def get_client():\n    client = SearchClient()\n    yield client\n    await client.close()\n",
        ),
    ],
    "a global of the module": [
        (
            "def get_client() -> SearchClient:\n    return SearchClient()\n",
            "client = SearchClient()\n\n\ndef get_client() -> SearchClient:\n    return client\n",
        ),
    ],
}

# --- broken ---
import logging
from typing import Annotated

from fastapi import Depends, FastAPI

logger = logging.getLogger(__name__)


class SearchClient:
    def __init__(self) -> None:
        logger.warning("client built")

    async def find(self, text: str) -> list[str]:
        return [text]

    async def close(self) -> None:
        logger.warning("client closed")


def get_client() -> SearchClient:
    return SearchClient()


app = FastAPI()


@app.get("/search")
async def search(text: str, client: Annotated[SearchClient, Depends(get_client)]) -> list[str]:
    return await client.find(text)


# --- check ---
def check(bench: Bench) -> None:
    import signal

    with bench.server() as server:
        for word in ("one", "two", "three"):
            assert get(server.url(f"/search?text={word}"))[::2] == (200, f'["{word}"]')
        server.process.send_signal(signal.SIGINT)
        server.process.wait(30)
    assert server.log.count("client built") == 1, server.log
    assert server.log.count("client closed") == 1, server.log

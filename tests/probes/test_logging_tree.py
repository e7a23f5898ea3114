"""The probe shows which loggers have a handler, a level of their own, and hand their messages on."""

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, get

MAIN = """
import logging

from fastapi import FastAPI

from logging_tree import show

app = FastAPI()
logging.getLogger("shop.orders").setLevel(logging.DEBUG)
logging.getLogger("old").disabled = True


@app.get("/")
async def home() -> None:
    show()
"""


def test_the_probe_shows_what_becomes_of_a_message(tmp_path):
    content = find_content()
    catalog = load(content)
    probe = catalog.questions["logging-what"].probe
    assert probe is not None
    snippet = Renderer(content, catalog).probe(probe.template, {})
    (tmp_path / snippet.file_name).write_text(snippet.text)
    (tmp_path / "main.py").write_text(MAIN)
    with Bench(tmp_path, fixed=True).server("--no-access-log") as server:
        get(server.url("/"))
        assert server.wait_for_log("uvicorn.error: ")
    for line in (
        "logging: root: WARNING, no handler",
        "logging: shop.orders: DEBUG, no handler, hands on",
        "logging: old: WARNING (from above), no handler, hands on, DISABLED",
        "logging: uvicorn: INFO, StreamHandler, does not hand on",
        "logging: uvicorn.access: INFO, no handler, does not hand on",
        "logging: uvicorn.error: INFO, no handler, hands on",
    ):
        assert line in server.log.splitlines(), server.log
    assert "logging: asyncio" not in server.log

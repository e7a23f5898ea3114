"""Ten problems walked through in a terminal, and a newcomer's way from a traceback to an application that works."""

import re
import subprocess
import sys
from contextlib import contextmanager

import pytest
from terminals import CAUSE, LOG
from walking import Walker, flat

from troubleshoot.testing import eventually, free_port, get

SIZES = [(60, 40), (100, 50), (200, 50)]
SENTENCES = {
    "websocket/proxy-idle-timeout": "behind nginx the websocket is closed after sixty seconds of silence",
    "deployment/proxy-limit": "nginx answers 413 when I upload a larger file",
    "background-tasks/blocking-call-in-task": "while a background task runs the whole api hangs",
    "startup/bound-to-loopback-in-container": "I cannot reach the app in my docker container although the port is published",
    "middleware/cors-not-outermost": "my auth middleware returns 401 and then the browser complains about CORS",
    "database/missing-index": "one endpoint is fast on my laptop and takes seconds with the production data",
    "performance/memory-grows": "memory of the worker goes up all day until it is killed",
}
TRACEBACKS = {
    CAUSE: LOG,
    "database/async-lazy-load": """\
Traceback (most recent call last):
  File "/srv/shop/orders.py", line 31, in show
    return [line.title for line in order.lines]
  File "/srv/.venv/lib/python3.12/site-packages/sqlalchemy/orm/attributes.py", line 569, in __get__
    return self.impl.get(state, dict_)
sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_only() here.
""",
    "own-code/key-or-index-missing": """\
Traceback (most recent call last):
  File "/srv/.venv/lib/python3.12/site-packages/starlette/routing.py", line 73, in app
    response = await f(request)
  File "/srv/shop/prices.py", line 12, in price
    return TABLE[currency]
KeyError: 'CHF'
""",
}


@pytest.mark.parametrize(("number", "cause"), list(enumerate(SENTENCES)), ids=list(SENTENCES))
def test_a_sentence_in_plain_words_takes_three_questions_at_most(terminal, catalog, number, cause):
    columns, rows = SIZES[number % len(SIZES)]
    wizard = terminal(SENTENCES[cause], columns=columns, rows=rows)
    walker = Walker(wizard, catalog, cause)
    walker.walk(most=3)
    assert cause in flat(" ".join(wizard.screen.display))
    wizard.type("q")
    assert wizard.end() in (0, 1)


@pytest.mark.parametrize(("columns", "rows"), [(60, 15), (100, 30), (200, 50)])
@pytest.mark.parametrize("cause", TRACEBACKS)
def test_a_pasted_traceback_takes_one_question_at_most_and_a_page_that_fits(terminal, catalog, cause, columns, rows):
    wizard = terminal(columns=columns, rows=rows)
    wizard.wait_for("Describe it, or paste the error")
    wizard.type(TRACEBACKS[cause].replace("\n", "\r"))
    asked = Walker(wizard, catalog, cause).walk(most=1)
    screen = "\n".join(line.rstrip() for line in wizard.screen.display)
    assert "What now?" in screen
    assert len(asked) > 0 or re.search(r"^Cause: ", screen, re.MULTILINE), screen
    assert cause in flat(screen)
    wizard.type("\x03")
    assert wizard.end() == 130


BROKEN = """\
import time

from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def add_timing(request: Request, call_next):
    started = time.perf_counter()
    response = await call_next(request)
    response.headers["X-Seconds"] = f"{time.perf_counter() - started:.3f}"


@app.get("/prices")
async def prices():
    return {"tea": 3}
"""


@contextmanager
def served(folder, environment):
    """Serve the application in `folder`; yield what asks it, and afterwards its log stands in `server.log`."""
    port = free_port()
    with (folder / "server.log").open("w") as log:
        command = [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port), "--no-use-colors"]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            assert eventually(lambda: "Uvicorn running" in (folder / "server.log").read_text(), seconds=60)
            yield lambda path: get(f"http://127.0.0.1:{port}{path}")
        finally:
            process.terminate()
            process.wait()


def test_a_newcomer_gets_from_a_traceback_to_an_application_that_works(terminal, tmp_path, environment):
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "main.py").write_text(BROKEN)
    (shop / "requirements.txt").write_text("fastapi\n")
    with served(shop, environment) as ask:
        status, _, _ = ask("/prices")
        assert status == 500
    log = (shop / "server.log").read_text()
    traceback = log[log.index("Traceback") : log.rindex("TypeError: 'NoneType' object is not callable")]

    wizard = terminal(folder=shop, rows=40)
    wizard.wait_for("Describe it, or paste the error")
    wizard.type(f"{traceback}TypeError: 'NoneType' object is not callable\n".replace("\n", "\r"))
    wizard.wait_for("May I look at the source in shop")
    wizard.type("1")
    wizard.wait_for("Make the change in main.py:12")
    wizard.settle()
    screen = flat(" ".join(wizard.screen.display))
    assert "Cause: The middleware does not return the response" in screen
    assert "Your line: main.py:12, in add_timing" in screen
    assert "+ return response" in screen
    wizard.type("a")
    wizard.wait_for("Changed main.py")
    wizard.wait_for("I try it and come back")
    wizard.type("1")
    assert wizard.end() == 0

    with served(shop, environment) as ask:
        status, _, body = ask("/prices")
        assert (status, body) == (200, '{"tea":3}')
    again = terminal("resume", folder=shop)
    again.wait_for("Did it help")
    again.type("2")
    assert again.end() == 0

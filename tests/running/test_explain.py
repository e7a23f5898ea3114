"""`troubleshoot.asgi.Explain` before real applications, under a real server and Starlette's own client."""

import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import httpx
import pytest
from fastapi import BackgroundTasks, FastAPI, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from troubleshoot.asgi import REFUSED, Explain

BROWSER = {"accept": "text/html,application/xhtml+xml"}
SECRET = "postgresql://shop:Zx9w8v7u6t5s@db/shop"


@pytest.fixture
def app():
    app = FastAPI(debug=True)
    app.add_middleware(Explain)

    @app.get("/sent")
    async def read_sent():
        raise RuntimeError("Response content longer than Content-Length")

    @app.get("/key")
    async def read_key():
        return {}["price"]

    @app.get("/hostile")
    async def read_hostile():
        raise ValueError(f"<script>alert(1)</script> \x1b[31m {SECRET}")

    @app.get("/begun")
    async def read_begun():
        async def chunks():
            yield b"first"
            raise RuntimeError("too late")

        return StreamingResponse(chunks())

    @app.get("/after")
    async def read_after(tasks: BackgroundTasks):
        def fail():
            raise RuntimeError("after the response")

        tasks.add_task(fail)
        return {"fine": True}

    @app.get("/fine")
    async def read_fine():
        return {"fine": True}

    @app.websocket("/socket")
    async def talk(socket: WebSocket):
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    return app


@pytest.fixture
def client(app):
    return TestClient(app, raise_server_exceptions=False)


class Balance(HTMLParser):
    """Holds that every element is closed where it should be, and collects what the page would load and what it says."""

    VOID = ("meta", "link", "img", "input", "br")

    def __init__(self, page):
        super().__init__()
        self.open, self.loads, self.text = [], [], ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.loads += [value for name, value in attributes if name in ("src", "srcset", "data") or tag == "link"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_a_browser_gets_a_page_with_the_line_and_what_to_do(client):
    response = client.get("/key", headers=BROWSER)
    assert (response.status_code, response.headers["content-type"]) == (500, "text/html; charset=utf-8")
    page = Balance(response.text)
    assert page.loads == []
    said = " ".join(page.text.split())
    assert "KeyError: 'price'" in said
    assert re.search(r"Your line\s*\S*test_explain\.py:\d+, in read_key", said)
    assert 'return {}["price"]' in said
    assert "Do this" in said
    assert "Traceback (most recent call last):" in said


def test_others_get_json(client):
    found = client.get("/key").json()
    assert (found["schema"], found["error"], found["status"]) == (1, "KeyError: 'price'", "diagnosed")
    assert found["diagnosis"][0]["cause"].startswith("own-code/")
    assert found["diagnosis"][0]["line"]["function"] == "read_key"
    assert found["changes"] == []
    assert found["traceback"][0] == "Traceback (most recent call last):"
    assert client.get("/fine").json() == {"fine": True}


def test_what_an_exception_says_means_nothing_to_the_browser_and_holds_no_secret(client):
    for headers in (BROWSER, {}):
        response = client.get("/hostile", headers=headers)
        assert "Zx9w8v7u6t5s" not in response.text
        assert "\x1b" not in response.text
    page = client.get("/hostile", headers=BROWSER).text
    assert "<script" not in page
    assert "<script>alert(1)</script>" in Balance(page).text


def test_the_exception_is_raised_again(app):
    with pytest.raises(KeyError, match="price"):
        TestClient(app).get("/key")


def test_a_response_that_has_begun_is_left_alone(client):
    assert client.get("/begun", headers=BROWSER).text == "first"
    assert client.get("/after", headers=BROWSER).json() == {"fine": True}
    with client.websocket_connect("/socket") as socket:
        assert socket.receive_text() == "hello"


def test_what_cannot_be_looked_at_still_has_its_traceback(client, monkeypatch):
    def broken(*_texts):
        raise OSError("the knowledge is gone")

    monkeypatch.setattr("troubleshoot.running.failures.Explainer.explain", broken)
    found = client.get("/key").json()
    assert found["why"] == "This exception could not be looked at: OSError."
    assert found["traceback"][-1] == "KeyError: 'price'"
    assert "OSError" in Balance(client.get("/key", headers=BROWSER).text).text


SHOP = """
    from fastapi import FastAPI
    from sqlalchemy import create_engine
    from sqlalchemy.orm import sessionmaker
    from troubleshoot.asgi import Explain

    app = FastAPI(debug=True)
    app.add_middleware(Explain)
    Session = sessionmaker(create_engine("sqlite://"))

    @app.get("/first")
    def read_first():
        with Session() as session:
            return session.execute("SELECT 1").scalar_one()

    @app.get("/second")
    def read_second():
        replica = "{secret}"
        with Session() as session:
            return session.execute("SELECT 2").scalar_one()
"""
CHANGED = '+        return session.execute(text("SELECT 2")).scalar_one()'


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A project in the working folder, and a client of its application."""
    path = tmp_path / "shop" / "shop.py"
    path.parent.mkdir()
    path.write_text(textwrap.dedent(SHOP.format(secret=SECRET)))
    monkeypatch.chdir(path.parent)
    spec = importlib.util.spec_from_file_location("shop", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    before = path.read_bytes()
    yield TestClient(module.app, raise_server_exceptions=False)
    assert before == path.read_bytes()


def test_a_line_of_the_project_is_shown_with_its_change(shop):
    said = Balance(shop.get("/second", headers=BROWSER).text).text
    assert CHANGED in said
    assert "Zx9w8v7u6t5s" not in said
    found = shop.get("/second").json()
    assert found["diagnosis"][0]["cause"] == "database/raw-sql-needs-text"
    nearest, other = found["changes"]
    assert (nearest["path"], nearest["safety"], nearest["withheld"]) == ("shop.py", "safe", "")
    assert CHANGED in nearest["diff"]
    assert "Zx9w8v7u6t5s" not in nearest["diff"]
    assert "SELECT 1" in other["diff"]


def test_a_file_outside_the_working_folder_is_not_searched(shop, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    found = shop.get("/second").json()
    assert (found["status"], found["changes"]) == ("diagnosed", [])
    assert CHANGED not in Balance(shop.get("/second", headers=BROWSER).text).text


def test_a_search_that_takes_too_long_is_left_off(shop, monkeypatch):
    monkeypatch.setattr("troubleshoot.running.changes.PATIENCE", 0.001)
    found = shop.get("/second").json()
    assert (found["status"], found["changes"]) == ("diagnosed", [])


def test_before_the_first_exception_nothing_is_loaded_but_the_middleware():
    code = (
        "import sys, troubleshoot.asgi; print(*sorted(name for name in sys.modules if name.startswith('troubleshoot')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["troubleshoot", "troubleshoot.asgi"]


def test_outside_debug_mode_it_refuses(app):
    app.debug = False
    with pytest.raises(RuntimeError, match="debug mode alone"):
        TestClient(app).get("/fine")
    with pytest.raises(RuntimeError, match="debug mode alone"), TestClient(app):
        pass
    forced = FastAPI()
    forced.add_middleware(Explain, force=True)
    with TestClient(forced) as client:
        assert client.get("/nowhere").status_code == 404


SERVED = """
    import asyncio, threading
    from fastapi import FastAPI
    from troubleshoot.asgi import Explain

    app = FastAPI(debug={debug})
    app.add_middleware(Explain)

    @app.get("/key")
    async def read_key():
        return {{}}["price"]

    @app.get("/fine")
    async def read_fine():
        return {{"fine": True}}
"""


@pytest.fixture
def serve(tmp_path):
    """Start uvicorn over an application, in debug mode or not; return its port and the process."""
    started = []

    def start(debug):
        (tmp_path / "served.py").write_text(textwrap.dedent(SERVED.format(debug=debug)))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "served:app", "--port", str(port)],
            cwd=tmp_path,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        return port, process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_under_a_server_several_at_once_are_answered_while_others_go_on(serve):
    port, process = serve(True)

    def get(path, headers=None):
        # The server closes the connection of a request whose exception it has seen.
        return httpx.get(
            f"http://127.0.0.1:{port}{path}", headers={"connection": "close", **(headers or {})}, timeout=60
        )

    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            get("/fine")
            break
        except httpx.ConnectError:
            time.sleep(0.1)
    with ThreadPoolExecutor(4) as threads:
        failing = [threads.submit(get, "/key", BROWSER) for _ in range(3)]
        assert get("/fine").json() == {"fine": True}
        assert [item.result().status_code for item in failing] == [500, 500, 500]
    assert json.loads(get("/key").text)["error"] == "KeyError: 'price'"
    process.terminate()
    assert "KeyError: 'price'" in process.communicate(timeout=60)[1]


def test_a_server_outside_debug_mode_does_not_start(serve):
    _, process = serve(False)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert REFUSED in err
    assert "Traceback" not in err

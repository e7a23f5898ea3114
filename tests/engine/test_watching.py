"""Calls that block the event loop, and what looks like them, told by `troubleshoot scan`."""

import subprocess
import sys

import pytest

HEAD = """
import functools
import json
import time

import boto3
import requests
from botocore.config import Config
from fastapi import FastAPI

app = FastAPI()
session = requests.Session()
s3 = boto3.client("s3")
_settings = None
_known = {}


class Service:
    def __init__(self, url):
        requests.get(url)


"""
SILENT = {
    "a cached function without arguments": """
@functools.lru_cache
def settings():
    return json.load(open("settings.json"))


@app.get("/")
async def read():
    return settings()
""",
    "a cached factory of an object": """
@functools.lru_cache(maxsize=8)
def service(url):
    return Service(url)


@app.get("/")
async def read(url: str):
    return service(url)
""",
    "a variable that is made when it is missing": """
def load():
    return json.load(open("settings.json"))


def settings():
    global _settings
    if _settings is None:
        _settings = load()
    return _settings


@app.get("/")
async def read():
    return settings()
""",
    "a variable that is returned when it is there": """
def load():
    return json.load(open("settings.json"))


def settings():
    global _settings
    if _settings is not None:
        return _settings
    _settings = load()
    return _settings


@app.get("/")
async def read():
    return settings()
""",
    "a variable of the class that is made when it is missing": """
def load():
    return json.load(open("settings.json"))


class Settings:
    known = None

    def read(self):
        if Settings.known is None:
            Settings.known = load()
        return Settings.known


@app.get("/")
async def read():
    return Settings().read()
""",
    "a mapping that is filled once for each key": """
def load():
    return json.load(open("settings.json"))


def settings(name):
    if name not in _known:
        _known[name] = load()
    return _known[name]


@app.get("/")
async def read(name: str):
    return settings(name)
""",
    "a sleep that nobody notices": """
@app.get("/")
async def read():
    time.sleep(0.001)
""",
    "an awaited method of another class": """
class Files:
    def read(self):
        return open("data").read()


class AsyncFiles(Files):
    async def read(self):
        return "data"


def make(fast):
    return Files() if not fast else AsyncFiles()


files = make(True)


@app.get("/")
async def read():
    return await files.read()
""",
    "calls that wait for nothing": """
@app.get("/")
async def read():
    session.headers.update({"a": "b"})
    with open("/proc/self/status") as status:
        status.readline()
    Config(retries={})
    return s3.generate_presigned_url("get_object")
""",
}
TOLD = {
    "a cached function that waits for each argument": """
@functools.lru_cache
def fetch(url):
    return requests.get(url)


@app.get("/")
async def read(url: str):
    return fetch(url)
""",
    "a helper of a helper": """
def wait():
    time.sleep(1)


def prepare(user):
    if user is None:
        wait()


@app.get("/")
async def read(user: str):
    prepare(user)
""",
    "a factory that returns Self": """
class Repository:
    @classmethod
    def of(cls, url: str) -> "Self":
        return cls(url)


class Users(Repository):
    def get(self):
        return requests.get("http://example.com")


@app.get("/")
async def read(url: str):
    return Users.of(url).get()
""",
    "a method that returns what it belongs to": """
class Query:
    def filter(self, name):
        return self

    def all(self):
        return requests.get("http://example.com")


@app.get("/")
async def read(name: str):
    return Query().filter(name).all()
""",
    "a method that does ask": """
@app.get("/")
async def read():
    session.get("http://example.com")
    return s3.get_object(Bucket="b", Key="k")
""",
}


def scanned(text, folder):
    (folder / "main.py").write_text(HEAD + text)
    command = [sys.executable, "-m", "troubleshoot", "scan", ".", "--severity", "warning", "--all"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


SAID = tuple(f"1 file: nothing found{more}\n" for more in ("", ", 1 less severe not shown"))


@pytest.mark.parametrize("name", SILENT)
def test_what_does_not_wait_for_each_request_is_not_told(name, tmp_path):
    assert scanned(SILENT[name], tmp_path).stdout in SAID


@pytest.mark.parametrize("name", TOLD)
def test_what_waits_for_each_request_is_told(name, tmp_path):
    answer = scanned(TOLD[name], tmp_path)
    assert answer.returncode == 1
    assert "performance/blocking-call-in-async-endpoint" in answer.stdout


def test_a_package_may_be_the_folder_that_a_process_starts_in(tmp_path):
    for name in ("backend/__init__.py", "backend/server/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "backend/server/work.py").write_text("import time\n\n\ndef work():\n    time.sleep(1)\n")
    route = "from server.work import work\n\n\n@app.get('/')\nasync def read():\n    work()\n"
    (tmp_path / "backend/server/main.py").write_text(HEAD + route)
    answer = scanned("", tmp_path)
    assert "backend/server/main.py:" in answer.stdout
    assert "time.sleep() waits without await in read" in answer.stdout


def test_an_f_string_beside_a_string_is_read_in_newer_syntax(tmp_path):
    text = """
@app.get("/")
async def read(name: str):
    try:
        message = (
            f"hello {name} "
            "and good " f"bye {'x'}"
        )
        time.sleep(1)
    except ValueError, TypeError:
        message = "no"
    return message
"""
    answer = scanned(text, tmp_path)
    assert "not examined" not in answer.stdout + answer.stderr
    assert "time.sleep() waits without await in read" in answer.stdout

"""What is no application, does not import, hangs or ends: one clear sentence each, and the right exit code."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from troubleshoot.testing import free_port

APP = "from fastapi import APIRouter, FastAPI\napi = FastAPI()\nrouter = APIRouter()\nnumber = 3\n"
FACTORY = (
    "from fastapi import FastAPI\ndef make():\n    return FastAPI()\ndef nothing():\n    return None\n"
    "def make_app():\n    return FastAPI()\n"
)


@pytest.mark.parametrize(
    ("text", "target", "options", "sentence"),
    [
        (APP, "main", [], "'main' is no application; write MODULE:APP, such as app.main:app"),
        (APP, "app.py:app", [], "app.py: there is no such file"),
        (APP, "main.py:app", [], "main has no attribute 'app'; there is main:api"),
        (FACTORY, "main.py", [], "main has no application in it; if a function makes it, name that, such as 'main:make_app()'"),
        (APP, "main:app", [], "main has no attribute 'app'; there is main:api"),
        (APP, "main:api.inner", [], "main:api has no attribute 'inner'"),
        (APP, "main:number", [], "main:number is an object of type builtins.int, which is no FastAPI or Starlette application"),
        (APP, "main:router", [], "main:router is an APIRouter, not an application; name the application that includes it"),
        (APP, "main:FastAPI", [], "main:FastAPI is a class, not an application; if calling it makes one, add --factory"),
        (APP, "main:api", ["--factory"], "main:api is an application already; leave --factory out"),
        (APP, "main:number", ["--factory"], "main:number is an object of type builtins.int, which cannot be called; leave --factory out"),
        (FACTORY, "main:make", [], "main:make is a function, not an application; if it makes one, add --factory"),
        (FACTORY, "main:nothing", ["--factory"], "main:nothing returned None, which is no FastAPI or Starlette application"),
        (APP, "main:api", ["--python", "/no/such/python"], "--python /no/such/python: cannot be run: No such file or directory"),
        (APP, "main:api", ["--app-dir", "nowhere"], "--app-dir nowhere: is no folder"),
        (APP, "main:api", ["--route", "/x"], "--route /x: no path and no endpoint holds this"),
    ],
)  # fmt: skip
def test_a_wrong_target_is_said_to_be_one(text, target, options, sentence, project):
    done = project.inspect(text, *options, target=target)
    assert (done.code, done.out, done.err) == (2, "", f"troubleshoot: {sentence}\n")


def test_a_module_that_is_not_there_is_named_with_where_it_was_looked_for(project):
    done = project.inspect(APP, target="app.main:app")
    assert (done.code, done.err) == (
        2,
        f"troubleshoot: there is no module 'app' to import from {project.folder.resolve()}\n",
    )


PACKAGES = {"src/shop/__init__.py": "", "src/shop/web.py": APP.replace("api =", "app =")}


@pytest.mark.parametrize("target", ["shop.web:app", "src/shop/web.py", "src/shop/web.py:app"])
def test_a_package_in_the_folder_for_source_is_found_and_the_commands_work_as_they_stand(target, project):
    for name, text in PACKAGES.items():
        project.write(name, text)
    done = project.run("inspect", target)
    assert done.code == 0
    assert done.out.startswith("shop.web:app ")
    done = project.run("answer", "nothing in particular", "--app", target)
    assert f'troubleshoot answer "nothing in particular" --app {target} --log FILE' in done.out


def test_settings_name_an_application_in_the_folder_for_source(project):
    for name, text in PACKAGES.items():
        project.write(name, text)
    project.write("pyproject.toml", '[tool.fastapi]\nentrypoint = "shop.web:app"\n')
    assert project.run("inspect").code == 0


def test_a_package_that_lies_here_as_well_is_taken_from_here(project):
    for name, text in PACKAGES.items():
        project.write(name, text)
    project.write("shop/__init__.py", "")
    done = project.run("inspect", "shop.web:app")
    assert f"there is no module 'shop.web' to import from {project.folder.resolve()}\n" in done.err


def test_folders_below_that_have_an_application_are_named(project):
    project.write("services/back end/app/main.py", APP)
    project.write("one service/app/main.py", APP)
    project.write("two/main.py", APP)
    project.write("docs/index.md", "")
    done = project.run("inspect")
    assert done.code == 2
    assert done.err.endswith("name it: troubleshoot inspect 'one service' or two or MODULE:APP\n")
    assert project.run("inspect", "two").code == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "import sys\nsys.exit(3)\n",
            "main:app ended the process with sys.exit(3) while it was imported, at main.py:2",
        ),
        ("import os\nos._exit(7)\n", "the process ended with code 7 while main:app was imported"),
        (
            "import os\nprint('no password=hunter2000')\nos._exit(7)\n",
            "the process ended with code 7 while main:app was imported; the last it printed: no password=<secret",
        ),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "the process was ended by signal 9 while"),
        (
            "import ctypes\nctypes.string_at(0)\n",
            "the interpreter crashed while main:app was imported, at main.py:2: Fatal",
        ),
    ],
)
def test_a_process_that_ends_is_no_application(text, sentence, project):
    done = project.inspect(text)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(f"troubleshoot: {sentence}")


@pytest.mark.parametrize(
    "text",
    [
        "import time\ndef wait():\n    time.sleep(60)\nwait()\n",
        "import subprocess\n#\nsubprocess.run(['sleep', '60'])\n",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\nwhile True: pass\n",
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)\n",
    ],
)
def test_an_import_that_hangs_is_ended_and_its_line_is_named(text, project):
    started = time.monotonic()
    done = project.inspect(text, "--timeout", "1")
    assert time.monotonic() - started < 8
    assert done.code == 4
    assert done.err == (
        "troubleshoot: main:app was not imported after 1 s; it hung at main.py:3 and was ended "
        "(--timeout SECONDS waits longer)\n"
    )


def test_nothing_that_the_application_has_started_is_left_behind(project):
    project.inspect(
        "import subprocess, time\nchild = subprocess.Popen(['sleep', '61'])\n"
        "open('pid', 'w').write(str(child.pid))\ntime.sleep(60)\n",
        "--timeout",
        "1",
    )
    pid = int((project.folder / "pid").read_text())
    for _ in range(50):
        if _is_gone(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("a process of the application outlived the inspection")


def _is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_an_interrupted_inspection_leaves_nothing_behind(project):
    project.write("main.py", "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)\n")
    child = subprocess.Popen(
        [sys.executable, "-m", "troubleshoot", "inspect", "main:app"],
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while not (project.folder / "pid").exists() or not (project.folder / "pid").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=10)
    assert (child.returncode, out, err) == (130, "", "troubleshoot: interrupted\n")
    assert _is_gone(int((project.folder / "pid").read_text()))


@pytest.mark.parametrize(
    "noise",
    [
        "print('x' * 3_000_000)",
        "import sys\nsys.stdout.close()\nsys.stderr.close()",
        "import os\nos.close(1)\nos.close(2)",
        "import os\nos.fork()",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
        "import atexit, time\natexit.register(time.sleep, 60)",
        "import sys\nsys.exit = lambda *_: None",
        "import warnings\nwarnings.warn('careful')",
    ],
)
def test_what_the_application_does_to_its_process_is_not_ours(noise, project):
    done = project.inspect(f"{noise}\nfrom fastapi import FastAPI\napp = FastAPI()\n", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert done.json["app"]["name"] == "fastapi.applications.FastAPI"


def test_a_failed_import_is_diagnosed_like_any_traceback(project):
    text = """\
from fastapi import Depends, FastAPI
app = FastAPI()
def get_db():
    yield 1

@app.get("/")
def read(db=Depends(get_db())): ...
"""
    done = project.inspect(text)
    assert done.code == 0
    assert "dependency-injection/depends-called-with-parentheses" in done.out
    assert done.err.startswith(f"troubleshoot: main:app cannot be imported with {sys.executable} (--python PATH takes")
    assert done.err.endswith("is not a callable object (at main.py:6)\n")
    value = project.inspect(text, "--format", "json").json
    assert [value["app"], value["causes"][0]["cause"]] == [
        None,
        "dependency-injection/depends-called-with-parentheses",
    ]
    assert "it cannot be imported: TypeError" in value["skipped"][0]["why"]


def test_an_import_that_fails_in_a_line_of_ones_own_is_said_to(project):
    done = project.inspect("class Enough(BaseException): ...\nraise Enough('of this')\n")
    assert done.code == 0
    assert "own-code/unhandled-exception" in done.out
    assert done.err.endswith("main.Enough: of this (at main.py:2)\n")


def test_the_answer_reads_the_traceback_of_a_failed_import(project):
    project.write("main.py", "from fastapi import Depends\nDepends(1)\nimport nothing_like_this\n")
    done = project.run("answer", "--app", "main:app", "--python", sys.executable, "--format", "json")
    assert done.code in (0, 1)
    assert json.loads(done.out)["skipped"] == []


def test_a_damaged_result_is_no_result(project):
    text = "import glob, os\nfrom fastapi import FastAPI\n\n\nclass Bad(FastAPI):\n    is_ready = False\n    @property\n    def routes(self):\n        if self.is_ready:\n            raise OSError('no routes')\n        return super().routes\n\n\napp = Bad()\napp.is_ready = True\n"
    done = project.inspect(text)
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        "troubleshoot: main:app was imported, but could not be described, at main.py:10: OSError: no routes\n"
    )


SETTINGS = """
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    database_url: str
    secret_key: str
    workers: int = 1

settings = Settings()
"""
REFUSED = """
from sqlalchemy import create_engine
create_engine("postgresql+psycopg://me:hunter-22one@localhost:PORT/shop").connect()
"""
REFUSED_ASYNC = """
import asyncio, asyncpg
asyncio.run(asyncpg.connect("postgresql://me:hunter-22one@127.0.0.1:PORT/shop"))
"""
REFUSED_REDIS = """
import redis
redis.Redis(port=PORT).ping()
"""


def test_the_settings_that_are_missing_are_named(project):
    done = project.inspect(SETTINGS)
    assert "2 values are missing for Settings: database_url, secret_key (at main.py:9)" in done.err
    assert "environment/settings-missing" in done.out
    done = project.inspect(SETTINGS, SECRET_KEY="hunter-22one")
    assert "1 value is missing for Settings: database_url (at main.py:9)" in done.err


@pytest.mark.parametrize(
    ("text", "host"),
    [(REFUSED, r"(127\.0\.0\.1|::1|localhost)"), (REFUSED_ASYNC, r"127\.0\.0\.1"), (REFUSED_REDIS, "localhost")],
    ids=["psycopg", "asyncpg", "redis"],
)
def test_a_server_that_does_not_answer_is_named(text, host, project):
    port = free_port()
    done = project.inspect(text.replace("PORT", str(port)))
    assert re.search(rf"nothing answers at {host}, port {port}, to which it connects while it is imported: ", done.err)
    assert "circular-import" not in done.out
    assert "hunter" not in done.err + done.out


def test_without_a_name_the_application_is_the_one_that_the_fastapi_command_finds(project):
    done = project.run("inspect")
    assert (done.code, done.out) == (2, "")
    assert "there is no application here where the fastapi command looks for one (main.py, app.py, api.py, " in done.err
    for place in ("app/api.py", "app/main.py", "app.py", "main.py"):
        project.write(
            place, f"from fastapi import FastAPI\nother = FastAPI(title='other')\napp = FastAPI(title={place!r})\n"
        )
        done = project.run("inspect", "--format", "json")
        assert [done.json["app"]["title"], done.json["app"]["target"]] == [place, f"{Path(place).stem}:app"]
    project.write("pyproject.toml", "[tool.fastapi]\nentrypoint = 'app.main:other'\n")
    (project.folder / "app.py").unlink()
    assert project.run("inspect", "--format", "json").json["app"]["target"] == "app.main:other"
    project.write("pyproject.toml", "[tool.fastapi]\nentrypoint = 3\n")
    done = project.run("answer", "it is slow", "--app", ".")
    assert done.err == (
        "troubleshoot: pyproject.toml: [tool.fastapi] entrypoint is 3; write MODULE:APP, such as app.main:app\n"
    )


def test_a_file_is_imported_from_where_its_package_starts(project):
    for name in ("backend/shop/__init__.py", "backend/shop/web/__init__.py"):
        project.write(name, "")
    project.write("backend/shop/name.py", "title = 'Shop'\n")
    text = "from fastapi import FastAPI\nfrom ..name import title\nweb = FastAPI(title=title)\n"
    project.write("backend/shop/web/main.py", f"{text}@web.get('/')\ndef read(): ...\n")
    for target in ("backend/shop/web/main.py", "backend/shop/web/main.py:web"):
        done = project.run("inspect", target, "--format", "json")
        assert done.json["app"]["target"] == "shop.web.main:web"
        assert done.json["routes"][-1]["endpoint"]["file"] == "backend/shop/web/main.py"

"""On a system without Unix's terminals and signals, such as Windows: `run` says so, and all the rest works."""

import subprocess
import sys

import pytest

HIDDEN = """
import os, sys

NAMES = ("fcntl", "termios", "pty", "tty", "pwd", "grp", "resource")

class Absent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in NAMES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
for name in NAMES:
    sys.modules.pop(name, None)
for name in ("fork", "geteuid", "killpg", "chown", "mkfifo", "openpty", "setsid"):
    delattr(os, name)
"""
IMPORT_ALL = """
import importlib, pkgutil, troubleshoot
# What the server stands on asks for the system, and not for what it has.
LEFT_OUT = ("troubleshoot.supervision", "troubleshoot.testing", "troubleshoot.serving.server", "troubleshoot.__main__")
for module in pkgutil.walk_packages(troubleshoot.__path__, "troubleshoot."):
    if not module.name.startswith(LEFT_OUT):
        importlib.import_module(module.name)
        print(module.name)
"""


@pytest.fixture
def without(environment, tmp_path, tmp_path_factory):
    """Run Python with `arguments` where nothing of Unix's own can be imported; return the process when it has ended."""
    folder = tmp_path_factory.mktemp("windows")
    (folder / "sitecustomize.py").write_text(HIDDEN)
    (tmp_path / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    environment["PYTHONPATH"] = str(folder)

    def without(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return without


def test_run_says_at_once_that_it_cannot_work(without):
    done = without("-m", "troubleshoot", "run", "--", sys.executable, "-c", "print('started')")
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "troubleshoot: run needs the terminals and signals of Unix, which this system does not have (fcntl is missing); "
        "write the server's output to a file and hand that over: troubleshoot answer --log FILE\n",
    )


def test_all_the_rest_can_be_imported(without):
    done = without("-c", IMPORT_ALL)
    assert (done.returncode, done.stderr) == (0, "")
    assert "troubleshoot.ui.wizard" in done.stdout.splitlines()
    assert "troubleshoot.inspection.run" in done.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("answer", "websocket drops after a minute behind nginx"), "websocket/"),
        (("scan", "."), "1 file"),
        (("inspect",), "main:app"),
        (("list", "--family", "websocket"), "websocket/disconnect-not-handled"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_other_commands_work(without, arguments, said):
    done = without("-m", "troubleshoot", *arguments)
    assert said in done.stdout + done.stderr
    assert "bug" not in done.stderr
    assert done.returncode in (0, 1)

"""What the engine's tests share."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from troubleshoot.catalog.content import Content, find_content
from troubleshoot.catalog.loading import load
from troubleshoot.model import Catalog

sys.path.insert(0, str(Path(__file__).parent))

from projects import Scanning
from terminals import LOG, Terminal


@pytest.fixture(scope="session")
def content() -> Content:
    """The knowledge of this checkout."""
    return find_content()


@pytest.fixture(scope="session")
def catalog(content: Content) -> Catalog:
    """The knowledge of this checkout, compiled."""
    return load(content)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for all tests of this run: to compile the knowledge anew takes longer than most of them."""
    base = tmp_path_factory.getbasetemp()
    # Several processes that run the tests have folders beside each other.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def environment(tmp_path: Path, cache: Path) -> dict[str, str]:
    """An environment whose state folder is this test's own."""
    return {
        **os.environ,
        "XDG_CACHE_HOME": str(cache),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "TERM": "xterm-256color",
    }


@pytest.fixture
def run(environment, tmp_path):
    """Run `troubleshoot` in an empty folder and return what became of it."""

    def run(
        *arguments: str, stdin: str | bytes = "", env: dict[str, str] | None = None, timeout: float = 60, **options
    ):
        done = subprocess.run(
            [sys.executable, "-m", "troubleshoot", *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**environment, **(env or {})},
            timeout=timeout,
            **options,
        )
        assert b"Traceback (most recent call last)" not in done.stderr
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.fixture
def scanning(environment: dict[str, str], tmp_path: Path) -> Scanning:
    """Run `troubleshoot scan` in an empty folder, which is no part of a repository."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Scanning(folder, environment)


@pytest.fixture
def terminal(tmp_path, environment):
    """Start the wizard in a terminal, in a folder with a log."""
    (tmp_path / "app.log").write_text(LOG)

    def start(*arguments, columns=100, rows=60, folder=tmp_path, **env):
        return Terminal(arguments, folder, {**environment, **env}, columns, rows)

    return start

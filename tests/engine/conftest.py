"""What the engine's tests share."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from troubleshoot.catalog.content import Content, find_content
from troubleshoot.catalog.loading import load
from troubleshoot.model import Catalog

sys.path.insert(0, str(Path(__file__).parent))

from projects import APP, Scanning
from terminals import LOG, Terminal

from tests.forking import Parent, parent


@pytest.fixture(scope="session")
def content() -> Content:
    """The knowledge of this checkout."""
    return find_content()


@pytest.fixture(scope="session")
def catalog(content: Content) -> Catalog:
    """The knowledge of this checkout, compiled."""
    return load(content)


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


@pytest.fixture(scope="session")
def scanned(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parent]:
    """A process with all that a scan imports, from which many can be forked."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "TERM": "xterm-256color"}
    folder = tmp_path_factory.mktemp("scanned")
    (folder / "main.py").write_text(APP)
    program = "import sys; from troubleshoot.__main__ import run; run(); print(*sys.modules, file=sys.stderr)"
    scan = [sys.executable, "-c", program, "scan", "--format", "json"]
    done = subprocess.run(scan, cwd=folder, env=environment, capture_output=True, text=True)
    modules = [name for name in done.stderr.split() if not name.startswith("_")]
    with parent(*modules, env=environment) as started:
        yield started


@pytest.fixture
def scanning(environment: dict[str, str], tmp_path: Path, scanned: Parent) -> Scanning:
    """Run `troubleshoot scan` in an empty folder, which is no part of a repository."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Scanning(folder, environment, scanned)


@pytest.fixture
def terminal(tmp_path, environment):
    """Start the wizard in a terminal, in a folder with a log."""
    (tmp_path / "app.log").write_text(LOG)

    def start(*arguments, columns=100, rows=60, folder=tmp_path, **env):
        return Terminal(arguments, folder, {**environment, **env}, columns, rows)

    return start

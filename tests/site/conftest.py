"""What the tests of the site share: the site itself, made by the command, and its pages as they parse."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from parsing import Page, parsed


class Runs:
    """Runs `troubleshoot knowledge site` in a folder of its own."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "XDG_STATE_HOME": str(folder / "state")}

    def __call__(self, *arguments: str, before: tuple[str, ...] = (), **environment: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "troubleshoot", *before, "knowledge", "site", *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={**self.environment, **environment},
            timeout=100,
        )
        assert "Traceback (most recent call last)" not in done.stderr
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def site(tmp_path: Path, cache: Path) -> Runs:
    folder = tmp_path / "here"
    folder.mkdir()
    return Runs(folder, cache)


@pytest.fixture(scope="session")
def written(shared: Path, cache: Path) -> Path:
    """The site of this checkout's knowledge, which the first of the run's processes makes."""
    folder = shared / "site"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "errors").exists():
            code, out, err = Runs(folder, cache)("errors", PYTHONHASHSEED="1")
            assert (code, out) == (0, "errors/index.html\n"), err
    return folder / "errors"


@pytest.fixture(scope="session")
def pages(written: Path) -> dict[str, Page]:
    """Every page, by its place."""
    return {path.relative_to(written).as_posix(): parsed(path.read_text()) for path in sorted(written.rglob("*.html"))}

"""Real applications in real files, inspected by real processes."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

KEPT = ("PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV", "LANG")


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def remarkable(self) -> list[str]:
        return [fact["id"] for fact in self.json["facts"] if fact["remarkable"]]


class Project:
    """A folder with the user's modules, and the program run in it."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "XDG_CACHE_HOME": str(cache),
            "TERM": "xterm-256color",
        }

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))

    def run(self, *arguments: str, **environment: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "troubleshoot", *arguments],
            capture_output=True,
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
        assert b"Traceback (most recent call last)" not in done.stderr
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def inspect(self, text: str, *arguments: str, target: str = "main:app", **environment: str) -> Done:
        self.write("main.py", text)
        return self.run("inspect", target, *arguments, **environment)


@pytest.fixture
def project(tmp_path, cache):
    return Project(tmp_path, cache)

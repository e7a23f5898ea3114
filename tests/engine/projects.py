"""Projects for the source analysis: folders written from a mapping, and the command run on them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.forking import Parent

BLOCKING = "performance/blocking-call-in-async-endpoint"
APP = """\
import time
from fastapi import FastAPI
app = FastAPI()

@app.get("/")
async def home():
    time.sleep(1)
"""
MESSAGE = "time.sleep() waits without await in home, which runs on the event loop"
TOLD = f"main.py:7:5: error {BLOCKING}: [*] {MESSAGE}"
FIXABLE = "[*] can be put right in the source: 1 with `--unsafe-fixes`, which you must agree to (`--diff` shows how)\n"


def write(folder, files):
    """Write `files`, a mapping of paths to text or bytes, below `folder`."""
    for name, text in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


OWN = ("HOME", "XDG_STATE_HOME", "PYTEST_CURRENT_TEST")
"""Variables of which nothing depends as modules are imported, so that a forked process may have others."""


def without_own(environment):
    return {name: value for name, value in environment.items() if name not in OWN}


@dataclass
class Scanning:
    """Runs `troubleshoot` on a project, in processes forked from `parent` if it was started as they would be."""

    folder: Path
    environment: dict
    parent: Parent | None = None

    def __call__(self, *arguments, files=None, **options):
        """Return the exit code, standard output and standard error of `troubleshoot scan`."""
        write(self.folder, files or {})
        return self.run("scan", *arguments, **options)

    def run(self, *arguments, cwd=None):
        cwd = cwd or self.folder
        if self.parent and without_own(self.environment) == without_own(self.parent.env):
            program = (
                f"import sys; sys.argv[1:] = {[*map(str, arguments)]}; import troubleshoot.__main__ as it; it.main()"
            )
            done = self.parent.run(program, cwd, self.environment)
        else:
            done = subprocess.run(
                [sys.executable, "-m", "troubleshoot", *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                cwd=cwd,
                env=self.environment,
                timeout=100,
            )
        assert b"Traceback (most recent call last)" not in done.stderr
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def json(self, *arguments, files=None, **options):
        """Return the exit code and what `--format json` prints."""
        code, out, err = self(*arguments, "--format", "json", files=files, **options)
        assert err == ""
        return code, json.loads(out)

    def places(self, *arguments, files=None, **options):
        """Return where blocking calls are found, as `path:line`."""
        found = self.json(*arguments, files=files, **options)[1]["findings"]
        return [f"{item['path']}:{item['line']}" for item in found if item["cause"] == BLOCKING]

"""Draw the pictures in README.md from what the program really shows: `python tests/readme/picture.py`."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pexpect
from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
PICTURES = HERE.parent.parent / ".readme"
COLUMNS = 96
SHOWN = {
    "answer": ("tail -100 app.log | troubleshoot answer --log -",),
    "scan": ("troubleshoot scan --select performance", "troubleshoot fix blocking-call-in-async-endpoint --source ."),
    "run": ("troubleshoot run --watch-loop -- uvicorn app.main:app",),
}
"""The commands that a picture shows, one after the other, in the project beside this file."""
SLOW = 0.4
"""Seconds that the service takes which the project calls."""


def shown(name: str) -> str:
    """Return what a terminal shows of the commands of a picture."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "project")
        shutil.copytree(HERE / "project", project)
        shutil.copy(HERE / "app.log", project)
        path = f"{programs(Path(folder, 'bin'))}:{os.environ['PATH']}"
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        environment = {**kept, "PATH": path, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        parts = []
        for command in SHOWN[name]:
            output = (
                _watched(command, project, environment) if " run " in command else _run(command, project, environment)
            )
            parts.append(f"\x1b[1m$ {command}\x1b[0m\n{output.rstrip()}\n")
    return "\n".join(parts)


def programs(folder: Path) -> Path:
    """Make a folder with the programs that the commands start, those of this interpreter, and return it."""
    folder.mkdir()
    for name in ("troubleshoot", "uvicorn"):
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m {name} "$@"\n')
        script.chmod(0o755)
    return folder


def _run(command: str, project: Path, environment: Mapping[str, str]) -> str:
    child = _start(command, project, environment)
    child.expect(pexpect.EOF)
    return _as_lines(child.before)


def _watched(command: str, project: Path, environment: Mapping[str, str]) -> str:
    """Return what is shown of a server up to the first report, while a request waits for a slow service."""
    service = ThreadingHTTPServer(("127.0.0.1", 0), _Rates)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rates = f"http://127.0.0.1:{service.server_port}"
    child = _start(f"{command} --port {port}", project, {**environment, "RATES": rates})
    child.expect("Uvicorn running.*?\n")
    text = child.before + child.after
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/prices/EUR") as answer:
        answer.read()
    child.expect("└─")
    text += child.before + child.after
    child.sendintr()
    child.expect(pexpect.EOF)
    service.shutdown()
    service.server_close()
    same = {
        str(port): "8000",
        r"127\.0\.0\.1:(?!8000)\d+": "127.0.0.1:52114",
        r"(?<!\x1b)\[(\x1b\[\d+m)?\d{2,}": r"[\g<1>4711",
        re.escape(str(project)): "/srv/prices",
        # What asyncio's debug mode says of itself depends on how fast the machine is.
        r"Executing <[^\n]*\n": "",
    }
    for accidental, always in same.items():
        text = re.sub(accidental, always, text)
    return _as_lines(text)


def _start(command: str, project: Path, environment: Mapping[str, str]) -> pexpect.spawn[str]:
    return pexpect.spawn(
        "bash",
        ["-c", command],
        cwd=str(project),
        env={**environment},
        dimensions=(60, COLUMNS),
        encoding="utf-8",
        timeout=60,
    )


def _as_lines(text: str) -> str:
    """Return what stays of a terminal's text when progress has been wiped away."""
    lines = text.replace("\r\n", "\n").split("\n")
    kept = (re.sub(r"\x1b\[(\?\d+[hl]|\d*[A-HJK])", "", line.rpartition("\r")[2]) for line in lines)
    return "\n".join(kept).strip("\n")


class _Rates(BaseHTTPRequestHandler):
    """The service that the project calls: it takes its time."""

    def do_GET(self) -> None:
        time.sleep(SLOW)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"1.1")

    def log_message(self, *_: object) -> None:
        pass


def words(text: str) -> list[str]:
    """Return the words of what is shown, which is what a picture must have in common with it."""
    return re.findall(r"[^\W\d_]+", re.sub(r"\x1b\[[0-9;]*m", "", text))


def draw(name: str) -> None:
    """Write a picture."""
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(Text.from_ansi(shown(name)))
        PICTURES.mkdir(exist_ok=True)
        console.save_svg(str(PICTURES / f"{name}.svg"), title="troubleshoot")


if __name__ == "__main__":
    for name in sys.argv[1:] or SHOWN:
        draw(name)

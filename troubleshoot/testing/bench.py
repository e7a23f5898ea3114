"""Serve an application for real, in processes of its own, and ask it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

START_LIMIT = 20.0


class NotProvenError(AssertionError):
    """The reproduction does not show that the fix cures the cause."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process: where it listens, and what it has said so far."""

    port: int
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        """Everything the server has written to standard output and standard error."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def url(self, path: str = "") -> str:
        """Return the HTTP URL of `path`."""
        return f"http://127.0.0.1:{self.port}{path}"

    def ws(self, path: str = "") -> str:
        """Return the WebSocket URL of `path`."""
        return f"ws://127.0.0.1:{self.port}{path}"

    def wait_for_log(self, text: str, seconds: float = 5.0) -> bool:
        """Wait until `text` stands in the log; return whether it came within `seconds`."""
        return eventually(lambda: text in self.log, seconds)


@dataclass(frozen=True, slots=True)
class Bench:
    """One application on the bench: its folder, and whether the fix is in place."""

    folder: Path
    fixed: bool

    def load(self, module: str = "main") -> ModuleType:
        """Import `module` from the folder into this process, fresh each time."""
        name = f"bench_{module}_{os.getpid()}_{time.monotonic_ns()}"
        spec = importlib.util.spec_from_file_location(name, self.folder / f"{module}.py")
        assert spec is not None
        assert spec.loader is not None
        loaded = importlib.util.module_from_spec(spec)
        sys.modules[name] = loaded
        spec.loader.exec_module(loaded)
        return loaded

    def run(
        self, *arguments: str, seconds: float = 30.0, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run `python ARGUMENTS` in the folder and return what it printed."""
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=self._environment(env), capture_output=True, text=True,
            timeout=seconds, check=False,
        )  # fmt: skip

    @contextlib.contextmanager
    def server(
        self, *options: str, app: str = "main:app", env: Mapping[str, str] | None = None, wait: bool = True
    ) -> Iterator[Server]:
        """Serve `app` with uvicorn and these further options on a free port of the loopback interface."""
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-use-colors", *options]
        with self.process(command, port=port, env=env, wait=wait) as server:
            yield server

    @contextlib.contextmanager
    def process(
        self, command: Sequence[str], *, port: int, env: Mapping[str, str] | None = None, wait: bool = True
    ) -> Iterator[Server]:
        """Run any server `command` in the folder; with `wait`, until it accepts connections on `port`."""
        log_file = self.folder / f"server-{port}.log"
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env=self._environment(env), stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        server = Server(port, process, log_file)
        try:
            if wait:
                _wait_for_port(server)
            yield server
        finally:
            stop(process)

    def _environment(self, extra: Mapping[str, str] | None) -> dict[str, str]:
        return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(self.folder), **(extra or {})}


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Return whether `condition` becomes true within `seconds`, looking again and again."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(process: subprocess.Popen[bytes], seconds: float = 3.0) -> None:
    """End a process started with `start_new_session`, and its children, by force if it does not go by itself."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for_port(server: Server) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise NotProvenError(f"the server ended with {server.process.returncode} before it listened:\n{server.log}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
            return
        time.sleep(0.03)
    raise NotProvenError(f"the server did not listen within {START_LIMIT:.0f} s:\n{server.log}")


def get(
    url: str, *, headers: Mapping[str, str] | None = None, method: str = "GET", seconds: float = 10.0
) -> tuple[int, Mapping[str, str], str]:
    """Send one HTTP request; return the status, the headers (names in lower case) and the body, whatever the status."""
    request = urllib.request.Request(url, headers=dict(headers or {}), method=method)
    try:
        response = urllib.request.urlopen(request, timeout=seconds)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return (
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            response.read().decode(),
        )

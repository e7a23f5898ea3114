"""For people who write knowledge: lay out a reproduction, serve it for real, and prove a fix on it.

A reproduction is one Python file in sections, each opened by a line `# --- NAME ---`:

    header        the docstring, imports and, if the defaults will not do, PARAMETERS for the template
    broken        what the rendered fix replaces
    application   the rest of the application, the same in both; may come before or after `broken`
    check         `def check(bench: Bench) -> None`, which asserts what a healthy application does

`broken` and `application` together, in their order, become `main.py`; they are never imported by the test's process.
For a fix that is a file of its own, leave out the section `broken` and write its broken counterpart in the header as
`BROKEN = "..."`; further files go into `FILES = {name: text}`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer, Snippet
from troubleshoot.model import Cause

SECTION = re.compile(r"^# --- (broken|application|check) ---$", re.MULTILINE)
START_LIMIT = 20.0
TRIES = 3


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


@contextlib.contextmanager
def postgresql(folder: Path, *options: str, port: int | None = None) -> Iterator[str]:
    """Run a new, empty PostgreSQL server that logs into `folder`, and yield its URL, which names no driver.

    `options` are the server's own, such as `-cmax_connections=10`. PostgreSQL refuses to run as root; root runs it as
    the user postgres.
    """
    places = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    search = os.pathsep.join([*places, os.environ.get("PATH", "")])
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    initdb, postgres = ([*as_user, shutil.which(name, path=search) or name] for name in ("initdb", "postgres"))
    cluster = tempfile.mkdtemp(prefix="postgresql-")
    try:
        if as_user:
            shutil.chown(cluster, "postgres")
        create = [*initdb, "--pgdata", cluster, "--username=postgres", "--auth=trust", "--no-sync", "--locale=C"]
        subprocess.run([*create, "--encoding=UTF8"], cwd=cluster, check=True, capture_output=True)
        port = port or free_port()
        command = [*postgres, "-D", cluster, "-p", str(port), "-k", cluster, "-cfsync=off", *options]
        with Bench(folder, fixed=False).process(command, port=port, wait=False) as server:
            ready = "ready to accept connections"
            if not eventually(lambda: ready in server.log or server.process.poll() is not None, START_LIMIT):
                raise NotProvenError(f"PostgreSQL was not ready within {START_LIMIT:.0f} s:\n{server.log}")
            if ready not in server.log:
                raise NotProvenError(f"PostgreSQL ended with {server.process.returncode}:\n{server.log}")
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(cluster, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A reproduction file, taken apart."""

    path: Path
    sections: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, path: Path) -> Reproduction:
        """Read the file at `path`. Raises `NotProvenError` if it has no section `check`."""
        text = path.read_text(encoding="utf-8")
        parts = SECTION.split(text)
        sections = (("header", parts[0]), *zip(parts[1::2], parts[2::2], strict=True))
        if "check" not in [name for name, _ in sections]:
            raise NotProvenError(f"{path}: no section `# --- check ---`")
        return cls(path, sections)

    def names(self) -> dict[str, Any]:
        """Run the header and the check, and return the names they define."""
        text = "".join(part if name in ("header", "check") else "\n" * part.count("\n") for name, part in self.sections)
        names: dict[str, Any] = {"__name__": "reproduction", "__file__": str(self.path)}
        exec(compile(text, str(self.path), "exec"), names)
        return names

    def lay_out(self, folder: Path, names: Mapping[str, Any], snippet: Snippet, *, fixed: bool) -> Bench:
        """Write the application into `folder`, with the snippet in place if `fixed`; `names` come from the header."""
        folder.mkdir(parents=True, exist_ok=True)
        files: dict[str, str] = dict(names.get("FILES", {}))
        application = "".join(
            snippet.text if name == "broken" and fixed else part
            for name, part in self.sections
            if name in ("broken", "application")
        )
        if application:
            files["main.py"] = application
        if "BROKEN" in names:
            files[snippet.file_name] = snippet.text if fixed else names["BROKEN"]
        elif "broken" not in [name for name, _ in self.sections]:
            raise NotProvenError(f"{self.path}: neither a section `# --- broken ---` nor BROKEN in the header")
        for name, text in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return Bench(folder, fixed)


def prove(cause: Cause, fix: str, renderer: Renderer, path: Path, folder: Path) -> None:
    """Show that the check at `path` fails on the broken application and passes with the rendered fix in place.

    Some mistakes, races among them, do not show every time, so the broken application has a few tries; the repaired one
    has a single try. Raises `NotProvenError` if the check never fails on the broken application; an error on either
    side that is no `AssertionError` is raised as it is, because it shows a mistake in the check, not the symptom.
    """
    reproduction = Reproduction.read(path)
    names = reproduction.names()
    parameters = cause.fixes[fix].parameters
    chosen = {name: value for name, value in names.get("PARAMETERS", {}).items() if name in parameters}
    values = fill(parameters, (), chosen)
    snippet = renderer.fix(cause, fix, values)
    broken = (reproduction.lay_out(folder / f"broken-{n}", names, snippet, fixed=False) for n in range(TRIES))
    if not any(_fails(names["check"], bench) for bench in broken):
        raise NotProvenError(f"{path}: the check passes on the broken application, so it shows nothing")
    names["check"](reproduction.lay_out(folder / "fixed", names, snippet, fixed=True))


def _fails(check: Callable[[Bench], None], bench: Bench) -> bool:
    try:
        check(bench)
    except NotProvenError:
        raise
    except AssertionError:
        return True
    return False

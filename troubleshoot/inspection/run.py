"""Starts the child that imports the application, waits for it no longer than allowed, and says what became of it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from troubleshoot import limits
from troubleshoot.errors import TroubleshootError, UsageError
from troubleshoot.inspection.described import Application
from troubleshoot.inspection.reading import read, shortened
from troubleshoot.redaction import shown
from troubleshoot.sources.frames import FRAME, Frame
from troubleshoot.sources.tracebacks import tracebacks

SCRIPT = Path(__file__).with_name("child") / "main.py"
DEFAULT_TIMEOUT = 30.0
GRACE = 2.0
"""Seconds that a child gets to start and to say where it hangs, besides its limit."""
TICK = 0.1
PARTS = {
    "examined": ("app",),
    "wrong-target": ("why",),
    "failed": ("error", "traceback"),
    "exited": ("code", "traceback"),
    "not-understood": ("traceback",),
}
"""What the child says with each status."""
MARK = "TROUBLESHOOT_INSPECTS"
"""The variable by which processes are known that an application has started."""
TAIL = 20
"""Lines of what the application has printed that are kept, for when it dies without a word."""

Tell = Callable[[float | None], None]
"""Told every now and then for how many seconds the child has been at work, and None at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An application to examine: `module:attribute`, as a server is told, and how to import it.

    `app_dir` is put first on the import path, `timeout` counts in seconds. `python` is the interpreter; it is empty if
    none is known that has FastAPI, because then the import would say nothing about the application.
    """

    name: str
    is_factory: bool = False
    app_dir: Path = Path()
    python: str = sys.executable
    timeout: float = DEFAULT_TIMEOUT

    def __post_init__(self) -> None:
        """Raise `UsageError` for what cannot be a target."""
        module, colon, attribute = self.name.partition(":")
        if module.endswith(".py") or "/" in module:
            parts = [part for part in Path(module.removesuffix(".py")).parts if part.isidentifier()]
            raise UsageError(
                f"{self.name!r}: a module is meant, not a file; did you mean {'.'.join(parts)}:{attribute or 'app'}?"
            )
        if not colon or not all(part.isidentifier() for part in (*module.split("."), *attribute.split("."))):
            raise UsageError(f"{self.name!r} is no application; write MODULE:APP, such as app.main:app")
        if not self.app_dir.is_dir():
            raise UsageError(f"--app-dir {self.app_dir}: is no folder")

    @classmethod
    def of(cls, text: str) -> Target:
        """Return the target that `MODULE:APP` names, or `MODULE:FACTORY()`. Raises `UsageError`."""
        return cls(name=text.removesuffix("()"), is_factory=text.endswith("()"))


class NotExaminedError(TroubleshootError):
    """The application could not be examined; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFailedError(Exception):
    """Importing the application has raised `error`; `traceback` is its text, `place` says where in the user's code."""

    error: str
    traceback: str
    place: str


def inspect(target: Target, tell: Tell = lambda _: None) -> Application:
    """Import `target` in a child process and return the application it describes.

    Raises `UsageError` for a target that is no application, `ImportFailedError` if the import raised something, and
    `NotExaminedError` if the child hung, ended, or could not be started.
    """
    if not target.python:
        raise NotExaminedError(
            f"{target.name} was not imported: FastAPI is installed neither beside troubleshoot nor in an environment "
            "of the project that it can find; name your interpreter with --python PATH"
        )
    folder = target.app_dir.resolve()
    with tempfile.TemporaryDirectory(prefix="troubleshoot-") as name:
        exchange = Path(name)
        proof = secrets.token_hex(16)
        ended = _run(target, folder, exchange, proof, tell)
        result = _result(exchange, proof)
        if result is None:
            raise NotExaminedError(_silence(target, ended, exchange, folder))
    if result["status"] == "examined":
        try:
            return read(result["app"], folder)
        except RecursionError:
            raise NotExaminedError(f"the dependencies of {target.name} are nested too deeply to be described") from None
    if result["status"] == "wrong-target":
        raise UsageError(shown(result["why"], 300))
    where = _own_frame(result["traceback"])
    place = f"at {shortened(where.file, folder)}:{where.line}" if where else "outside its own code"
    if result["status"] == "failed":
        raise ImportFailedError(error=result["error"], traceback=result["traceback"], place=f"({place})")
    if result["status"] == "exited":
        raise NotExaminedError(
            f"{target.name} ended the process with sys.exit({result['code']}) while it was imported, {place}"
        )
    last = result["traceback"].strip().splitlines()[-1]
    raise NotExaminedError(f"{target.name} was imported, but could not be described, {place}: {shown(last)}")


@dataclass(frozen=True, slots=True)
class _Ended:
    """How the child ended: its return code, None if it had to be killed, and the last lines it printed."""

    code: int | None
    printed: tuple[str, ...]


def _run(target: Target, folder: Path, exchange: Path, proof: str, tell: Tell) -> _Ended:
    """Run the child to its end or to the limit; nothing that it has started is left behind."""
    command = [target.python, str(SCRIPT), target.name, str(exchange), str(folder)]
    command += ["1" if target.is_factory else "0", str(target.timeout)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", MARK: str(exchange)}
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise UsageError(f"--python {target.python}: cannot be run: {error.strerror}") from error
    assert child.stdin is not None
    with suppress(BrokenPipeError), child.stdin:
        child.stdin.write(proof.encode())
    printed: deque[str] = deque(maxlen=TAIL)
    reader = threading.Thread(target=_drain, args=(child.stdout, printed), daemon=True)
    reader.start()
    started = time.monotonic()
    try:
        while child.poll() is None and time.monotonic() - started < target.timeout + GRACE:
            if (exchange / "hang.txt").exists() and (exchange / "hang.txt").stat().st_size:
                break
            with suppress(subprocess.TimeoutExpired):
                child.wait(TICK)
            tell(time.monotonic() - started)
        # The stack is written at once; a moment makes sure that it is complete.
        with suppress(subprocess.TimeoutExpired):
            child.wait(TICK)
        code = child.returncode
    finally:
        _kill(child, exchange)
        tell(None)
    reader.join(TICK)
    return _Ended(code, tuple(printed))


def _drain(stream: BinaryIO, printed: deque[str]) -> None:
    """Read what the application prints, so that it can never wait for us; keep the last lines."""
    with suppress(OSError, ValueError), stream:
        while block := stream.readline(8192):
            printed.append(block.decode(errors="replace").rstrip())


def _kill(child: subprocess.Popen[bytes], exchange: Path) -> None:
    """End the child and everything it has started: its group, and on Linux whoever inherited its environment."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()
    mark = f"{MARK}={exchange}\0".encode()
    for place in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in place.read_bytes():
                os.kill(int(place.parent.name), signal.SIGKILL)


def _result(exchange: Path, proof: str) -> dict[str, Any] | None:
    """Return what the child has written; None if there is nothing, or somebody else has written it."""
    try:
        value = json.loads(limits.read(exchange / "result.json", "description").decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.pop("proof", None) != proof:
        return None
    return value if set(value) == {"status", *PARTS.get(value.get("status", ""), ())} else None


def _silence(target: Target, ended: _Ended, exchange: Path, folder: Path) -> str:
    """Return a sentence that says why there is no result."""
    with suppress(OSError):
        stack = limits.read(exchange / "hang.txt", "description").decode(errors="replace")
        frame = _deepest(stack)
        place = f"at {shortened(frame.file, folder)}:{frame.line}" if frame else "in code of no file"
        if "Timeout (" in stack or ended.code is None:
            return (
                f"{target.name} was not imported after {target.timeout:g} s; it hung {place} and was ended "
                "(--timeout SECONDS waits longer)"
            )
        if stack:
            return f"the interpreter crashed while {target.name} was imported, {place}: {shown(stack.splitlines()[0])}"
    if ended.code is None:
        return (
            f"{target.name} was not imported after {target.timeout:g} s and was ended (--timeout SECONDS waits longer)"
        )
    how = f"was ended by signal {-ended.code}" if ended.code < 0 else f"ended with code {ended.code}"
    last = next((line for line in reversed(ended.printed) if line.strip()), "")
    return (
        f"the process {how} while {target.name} was imported{f'; the last it printed: {shown(last)}' if last else ''}"
    )


def _deepest(stack: str) -> Frame | None:
    """Return where the main thread stands, in the user's own code if it is there, out of a dump by faulthandler.

    The main thread comes last; within a thread, the most recent call comes first.
    """
    main = stack.replace("Current thread", "Thread").rpartition("Thread ")[2]
    matches = [FRAME.search(line) for line in main.splitlines()]
    frames = [Frame(match["file"], int(match["line"]), "") for match in matches if match]
    frames = [frame for frame in frames if Path(frame.file).parent != SCRIPT.parent]
    return next((frame for frame in frames if frame.is_own), frames[0] if frames else None)


def _own_frame(traceback: str) -> Frame | None:
    frames = [frame for found in tracebacks(traceback.splitlines()) for frame in found.frames if _is_users(frame)]
    return frames[-1] if frames else None


def _is_users(frame: Frame) -> bool:
    return frame.is_own and Path(frame.file).parent != SCRIPT.parent

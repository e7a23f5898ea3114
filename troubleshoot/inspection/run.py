"""Starts the child that imports the application, waits for it no longer than allowed, and says what became of it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
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
from troubleshoot.inspection.failures import reason
from troubleshoot.inspection.reading import read, shortened
from troubleshoot.inspection.target import Target
from troubleshoot.redaction import shown
from troubleshoot.sources.frames import FRAME, Frame
from troubleshoot.sources.tracebacks import tracebacks

SCRIPT = Path(__file__).with_name("child") / "main.py"
GRACE = 2.0
"""Seconds that a child gets to start and to say where it hangs, besides its limit."""
TICK = 0.1
PARTS = {
    "examined": ("app", "target"),
    "wrong-target": ("why",),
    "failed": ("error", "missing", "traceback"),
    "exited": ("code", "traceback"),
    "not-understood": ("traceback",),
}
"""What the child says with each status."""
MARK = "TROUBLESHOOT_INSPECTS"
"""The variable by which processes are known that an application has started."""
FRAMEWORK = ("fastapi", "starlette")
"""Without these, nothing that an application does is its own fault."""
TAIL = 20
"""Lines of what the application has printed that are kept, for when it dies without a word."""

Tell = Callable[[float | None], None]
"""Told every now and then for how many seconds the child has been at work, and None at the end."""


class NotExaminedError(TroubleshootError):
    """The application could not be examined; the text says why."""


class ImportFailedError(Exception):
    """Importing the application has failed for a `reason`; `traceback` is its text, `place` says where."""

    def __init__(self, reason: str, traceback: str, place: str) -> None:
        super().__init__(f"{reason} {place}")
        self.reason = reason
        self.traceback = traceback
        self.place = place


def inspect(target: Target, tell: Tell = lambda _: None) -> tuple[str, Application]:
    """Import `target` in a child process and return its name and the application that it describes.

    Raises `UsageError` for a target that is no application, `ImportFailedError` if the import raised something, and
    `NotExaminedError` if the child hung, ended, or could not be started, or if the interpreter was the wrong one.
    """
    if not target.interpreter.path:
        raise NotExaminedError(_no_interpreter(target))
    folder = target.app_dir.resolve()
    with tempfile.TemporaryDirectory(prefix="troubleshoot-") as name:
        exchange = Path(name)
        proof = secrets.token_hex(16)
        ended = _run(target, folder, exchange, proof, tell)
        result = _result(exchange, proof)
        if result is None:
            raise NotExaminedError(_silence(target, ended, exchange))
    if result["status"] == "examined":
        try:
            return str(result["target"]), read(result["app"], _shown_from(target))
        except RecursionError:
            raise NotExaminedError(f"the dependencies of {target.name} are nested too deeply to be described") from None
    if result["status"] == "wrong-target":
        raise UsageError(shown(result["why"], 300))
    where = _own_frame(result["traceback"])
    place = f"at {shortened(where.file, _shown_from(target))}:{where.line}" if where else "outside its own code"
    if result["status"] == "failed":
        if why := _wrong_interpreter(target, str(result["missing"]), place):
            raise NotExaminedError(why)
        text = result["traceback"]
        raise ImportFailedError(reason=reason(text) or result["error"], traceback=text, place=f"({place})")
    if result["status"] == "exited":
        raise NotExaminedError(
            f"{target.name} ended the process with sys.exit({result['code']}) while it was imported, {place}"
        )
    last = result["traceback"].strip().splitlines()[-1]
    raise NotExaminedError(f"{target.name} was imported, but could not be described, {place}: {shown(last)}")


def _no_interpreter(target: Target) -> str:
    passed_over = target.interpreter.passed_over
    where = f"in {' nor in '.join(passed_over)}" if passed_over else "in an environment of the project that it can find"
    return (
        f"{target.name} was not imported: FastAPI is installed neither beside troubleshoot nor {where}; name your "
        "interpreter with --python PATH"
    )


def _wrong_interpreter(target: Target, missing: str, place: str) -> str:
    """Return why a package that is missing says nothing about the application, or nothing if it may."""
    package = missing.partition(".")[0]
    other = "name the interpreter that runs your server with --python PATH"
    if package in FRAMEWORK:
        return f"{target.name} was not imported: {target.interpreter.path} has no {package} ({place}); {other}"
    if package and target.interpreter.is_ours and not _is_in(target.app_dir, package):
        return (
            f"{target.name} was not imported: it needs {package} ({place}), which is not installed beside "
            f"troubleshoot, and no environment of the project was found; {other}"
        )
    return ""


def _is_in(folder: Path, name: str) -> bool:
    """Return whether a module of that name lies in a folder or just below it, where somebody may have meant it."""
    return any(True for pattern in (name, f"{name}.py", f"*/{name}", f"*/{name}.py") for _ in folder.glob(pattern))


def _shown_from(target: Target) -> Path:
    """Return the folder from which paths are shown: that in which people are, where the application lies below it."""
    folder = target.app_dir.resolve()
    return Path.cwd() if folder.is_relative_to(Path.cwd()) else folder


@dataclass(frozen=True, slots=True)
class _Ended:
    """How the child ended: its return code, None if it had to be killed, and the last lines it printed."""

    code: int | None
    printed: tuple[str, ...]


def _run(target: Target, folder: Path, exchange: Path, proof: str, tell: Tell) -> _Ended:
    """Run the child to its end or to the limit; nothing that it has started is left behind."""
    command = [target.interpreter.path, str(SCRIPT), target.name, str(exchange), str(folder)]
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
        raise UsageError(f"--python {target.interpreter.path}: cannot be run: {error.strerror}") from error
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


def _silence(target: Target, ended: _Ended, exchange: Path) -> str:
    """Return a sentence that says why there is no result."""
    with suppress(OSError):
        stack = limits.read(exchange / "hang.txt", "description").decode(errors="replace")
        frame = _deepest(stack)
        place = f"at {shortened(frame.file, _shown_from(target))}:{frame.line}" if frame else "in code of no file"
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

"""Notices when an event loop of this process is blocked, and reports the line that blocks it.

Runs inside the user's server, in whatever Python that has: standard library only, nothing heavy, no word on its output.
"""

from __future__ import annotations

import functools
import importlib.machinery
import json
import os
import sys
import threading
import time
from types import CodeType, FrameType, ModuleType
from typing import Any

LOOPS = {"asyncio.base_events": "BaseEventLoop", "uvloop": "Loop"}
"""The modules, and the classes in them, whose `run_forever` every event loop runs in."""
MOST = 3500
"""Bytes of a report; more could be torn apart by other processes that write to the same pipe."""
LONGEST = 100
"""Characters of a line of code that are reported."""
STILL = 5.0
"""Seconds after which a loop that is still blocked is reported."""
PASSED_OVER = ("<frozen importlib", os.sep + os.path.join("uvicorn", "lifespan", ""))  # noqa: PTH118
"""Imports and the start of the application block the loop while nobody waits for it."""
IDLE = os.sep + "selectors.py"


def install() -> None:
    """Watch every event loop that this process runs from now on."""
    sys.meta_path.insert(0, _Finder())


class _Finder:
    """Lets the modules of `LOOPS` be imported as ever, and then puts the watch in."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: ModuleType | None = None) -> Any:
        """Return the spec with the watch added, or None for every other module."""
        if name not in LOOPS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def load_and_watch(module: ModuleType) -> None:
            load(module)
            _put_in(getattr(module, LOOPS[name]))

        spec.loader.exec_module = load_and_watch  # type: ignore[method-assign]
        return spec


def _put_in(loop_class: Any) -> None:
    run_forever = loop_class.run_forever

    def watched_run_forever(self: Any) -> Any:
        watchdog = _Watchdog(self)
        try:
            return run_forever(self)
        finally:
            watchdog.stop()

    loop_class.run_forever = watched_run_forever
    _outermost.add(watched_run_forever.__code__)


_outermost: set[CodeType] = set()
"""The code that runs loops: what stands above it in a stack is not run by the loop."""


class _Watchdog:
    def __init__(self, loop: Any) -> None:
        self.slow = float(os.environ["TROUBLESHOOT_LOOP_SLOW"])
        self.pause = self.slow / 4
        self.loop = loop
        self.thread, self.native = threading.get_ident(), threading.get_native_id()
        self.clock = time.pthread_getcpuclockid(self.thread) if hasattr(time, "pthread_getcpuclockid") else None
        self.stopped = False
        # uvicorn switches off what the environment has switched on.
        loop.set_debug(True)
        loop.slow_callback_duration = self.slow if os.environ["TROUBLESHOOT_LOOP_LOGS"] else float("inf")
        self.timer: Any = None
        self.beat()
        _send({"process": os.getpid()})
        threading.Thread(target=self.watch, name="troubleshoot", daemon=True).start()

    def beat(self) -> None:
        self.latest = time.monotonic()
        if not self.stopped:
            self.timer = self.loop.call_later(self.pause, self.beat)

    def stop(self) -> None:
        self.stopped = True
        if self.timer is not None:
            self.timer.cancel()

    def busy(self) -> float | None:
        """Return the seconds in which the loop's thread has computed or waited for a processor, or None if unknown."""
        try:
            with open("/proc/self/task/{}/schedstat".format(self.native)) as file:  # noqa: PTH123, UP032
                on_processor, waiting_for_it, _ = map(int, file.read().split())
            if on_processor:
                return (on_processor + waiting_for_it) / 1e9
        except (OSError, ValueError):
            pass
        try:
            return time.clock_gettime(self.clock) if self.clock is not None else None
        except OSError:
            return None

    def watch(self) -> None:
        while not self.stopped:
            before, busy, started = self.latest, self.busy(), time.monotonic()
            time.sleep(self.pause)
            late = time.monotonic() - started - self.pause
            if self.latest == before and time.monotonic() - before > self.slow and late < self.slow:
                self.follow(before, busy)

    def follow(self, beat: float, busy: float | None) -> None:
        """Look again and again at what the loop runs until it is free, then report what was seen most often."""
        began = time.monotonic()
        seen: dict[Any, list[Any]] = {}
        is_reported = False
        while not self.stopped and self.latest == beat:
            place = _place(sys._current_frames().get(self.thread))
            if place is not None:
                seen.setdefault(place[:3], [0, place])[0] += 1
            if not is_reported and time.monotonic() - beat > STILL:
                is_reported = True
                self.report(seen, time.monotonic() - beat, " so far", busy, began)
            time.sleep(min(self.pause, 0.05))
        if not is_reported:
            self.report(seen, self.latest - beat, "", busy, began)

    def report(self, seen: dict[Any, list[Any]], seconds: float, more: str, busy: float | None, began: float) -> None:
        if not seen:
            return
        _, place = max(seen.values(), key=lambda entry: entry[0])
        file, line, function, stack = place
        now = self.busy()
        how = ""
        if now is not None and busy is not None:
            how = " (computing)" if now - busy > 0.5 * (time.monotonic() - began) else " (waiting)"
        _send(
            {
                "file": file,
                "line": line,
                "function": function,
                "code": _code(file, line, stack),
                "seconds": format(seconds, ".1f" if seconds >= 1 else ".2f"),
                "more": more,
                "how": how,
                "own_task": _is_own_task(stack),
                "stack": "\n".join(_shown(frame) for frame in stack),
            }
        )


def _place(frame: FrameType | None) -> Any:
    """Return file, line and function of the user's deepest frame that the loop runs, and the stack, outermost first.

    None if the loop is idle, or busy with what does not count.
    """
    stack: list[Any] = []
    while frame is not None and frame.f_code not in _outermost:
        stack.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, frame.f_globals))
        frame = frame.f_back
    if frame is None or not stack or stack[0][0].endswith(IDLE):
        return None
    if any(mark in entry[0] for entry in stack for mark in PASSED_OVER):
        return None
    own = next((entry for entry in stack if _is_own(entry[0])), None)
    if own is None:
        return None
    return (*own[:3], tuple(reversed(stack)))


def _is_own_task(stack: Any) -> bool:
    """Return whether the user's own code was given to the loop, rather than called by a server or a framework."""
    # An environment keeps what is installed below its own standard library.
    given = (entry[0] for entry in stack if _is_installed(entry[0]) or not entry[0].startswith(_libraries()))
    return _is_own(next(given, ""))


def _is_own(file: str) -> bool:
    return not file.startswith(_libraries()) and not _is_installed(file)


def _is_installed(file: str) -> bool:
    return any(mark in file for mark in ("site-packages", "dist-packages", "<frozen"))


@functools.lru_cache(maxsize=None)  # noqa: UP033 - Python 3.8 has no `cache`
def _libraries() -> tuple[str, ...]:
    import sysconfig

    paths = sysconfig.get_paths()
    return tuple({paths["stdlib"], paths["platstdlib"], os.path.dirname(os.path.abspath(__file__))})  # noqa: PTH100, PTH120


def _code(file: str, line: int, stack: Any) -> str:
    import linecache

    module = next(entry[3] for entry in stack if entry[:2] == (file, line))
    return linecache.getline(file, line, module).strip()[:LONGEST]


def _shown(frame: Any) -> str:
    return '  File "{}", line {}, in {}'.format(*frame[:3])


def _send(report: dict[str, Any]) -> None:
    """Write a report to the pipe, or nothing if nobody listens."""
    text = json.dumps(report)
    while len(text) >= MOST and report.get("stack"):
        report["stack"] = report["stack"].partition("\n")[2]
        text = json.dumps(report)
    try:
        pipe = os.open(os.environ["TROUBLESHOOT_LOOP_WATCH"], os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return
    try:
        os.write(pipe, text.encode() + b"\n")
    except OSError:
        pass
    finally:
        os.close(pipe)

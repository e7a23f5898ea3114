"""The parent's side of the loop watch: what the watchdogs in the server's processes have seen."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from troubleshoot.formats.remark import short
from troubleshoot.redaction import shown

INJECTED = Path(__file__).parent / "loop_watch"
PIPE_VARIABLE = "TROUBLESHOOT_LOOP_WATCH"
SLOW_VARIABLE = "TROUBLESHOOT_LOOP_SLOW"
DEBUG_VARIABLE = "PYTHONASYNCIODEBUG"
WANTED_VARIABLE = "TROUBLESHOOT_LOOP_LOGS"
"""Says that asyncio's own lines about slow callbacks, which tell less of the same, were wanted before."""

Blocked = Callable[[str, str], None]
"""Told of a line that blocks: the sentence to show, and the text to examine, with the stack."""


class LoopWatch:
    """A named pipe, which reaches grandchildren too, on which watchdogs report; made on entering."""

    def __init__(self, slow: float) -> None:
        self.slow = slow
        self.has_seen_a_loop = False
        self._reported: set[tuple[object, ...]] = set()

    def __enter__(self) -> LoopWatch:
        self._folder = Path(tempfile.mkdtemp(prefix="troubleshoot-"))
        self._path = self._folder / "loops"
        os.mkfifo(self._path, 0o600)
        # Open for writing as well, so that it does not end when no process has it open.
        self._pipe = os.open(self._path, os.O_RDWR)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return `given` with what makes every Python program that inherits it watch its event loops."""
        path = os.pathsep.join(filter(None, [str(INJECTED), given.get("PYTHONPATH", "")]))
        return {
            **given,
            "PYTHONPATH": path,
            PIPE_VARIABLE: str(self._path),
            SLOW_VARIABLE: str(self.slow),
            DEBUG_VARIABLE: "1",
            WANTED_VARIABLE: "1" if given.get(DEBUG_VARIABLE) else "",
        }

    def start(self, blocked: Blocked) -> None:
        """Begin to listen; `blocked` is called in another thread, once for each line."""
        self._thread = threading.Thread(target=self._listen, args=(blocked,), daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Take in what has been reported so far."""
        os.write(self._pipe, b"\n")
        self._thread.join(1.0)

    def _listen(self, blocked: Blocked) -> None:
        with os.fdopen(os.dup(self._pipe), "rb") as stream:
            for line in stream:
                if line == b"\n":
                    return
                with suppress(ValueError, KeyError, TypeError):
                    self._take(json.loads(line), blocked)

    def _take(self, report: Mapping[str, object], blocked: Blocked) -> None:
        self.has_seen_a_loop = True
        if "file" not in report:
            return
        file, line, function = str(report["file"]), report["line"], report["function"]
        if (file, line, function) in self._reported:
            return
        self._reported.add((file, line, function))
        what = f"event loop blocked for {report['seconds']} s{report['more']} at"
        task = ", a task of its own" if report["own_task"] else ""
        where = f":{line} in {function}{task}: {report['code']}{report['how']}"
        blocked(shown(f"{what} {short(file)}{where}"), f"{what} {file}{where}\n{report['stack']}\n")

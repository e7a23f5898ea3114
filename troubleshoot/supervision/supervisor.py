"""Runs a command the way a shell would: its signals, its terminal and its exit code stay its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from troubleshoot.errors import TroubleshootError
from troubleshoot.supervision.relay import Sink, Stream, Tap, same_place
from troubleshoot.supervision.terminal import Terminal, is_all_ours

STDOUT, STDERR = 1, 2
FORWARDED = frozenset(
    {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH}
)
FROM_KEYBOARD = frozenset({signal.SIGINT, signal.SIGQUIT})
PR_SET_PDEATHSIG = 1
NOT_EXECUTABLE, NOT_FOUND = 126, 127
KILLED = 128
"""Added to the number of the signal that ended the command, as shells do."""


class NotStartedError(TroubleshootError):
    """The command cannot be run; the exit code is the one shells use."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[assignment]


class Supervisor:
    """A command under observation; `tap_for` gives what is told of a stream's output, after it was passed on."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], tap_for: Callable[[], Tap]) -> None:
        self.command = command
        self.environment = environment
        # Before any thread is started, because each could take a signal that is the child's.
        self._former_mask = signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        # Keys such as Ctrl-C and Ctrl-Z reach all in the foreground group, so the child belongs there if we do.
        # Elsewhere a group of its own keeps a signal for all of ours, such as `timeout` sends, from reaching it twice.
        self._shares_group = _is_in_foreground()
        self._terminal = Terminal() if self._shares_group and is_all_ours(STDERR) else None
        terminal = self._terminal
        self.errors = Sink(STDERR, lambda: terminal is not None and terminal.is_raw)
        errors = Stream(self.errors, tap_for(), (terminal.source, terminal.child_end) if terminal else None)
        self.streams = [errors]
        if not same_place(STDOUT, STDERR):
            self.streams.append(Stream(Sink(STDOUT), tap_for()))

    def run(self) -> int:
        """Run the command to its end and return its exit code. Raises `NotStartedError`."""
        # What is ignored is not waited for, and the default for a new window size is to be ignored.
        signal.signal(signal.SIGWINCH, lambda *_: None)
        try:
            process = self._start()
            if self._terminal is not None:
                self._terminal.start()
            for stream in self.streams:
                stream.start()
            threading.Thread(target=self._forward, args=(process,), daemon=True).start()
            status = self._wait(process)
        finally:
            if self._terminal is not None:
                self._terminal.leave()
        return status if status >= 0 else KILLED - status

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        """Wait until the command has ended and all that it has written is passed on."""
        if self._terminal is not None:
            self._terminal.wait()
            for stream in self.streams:
                stream.drain()
            self._terminal.finish()
        status = process.wait()
        for stream in self.streams:
            stream.drain()
        return status

    def _start(self) -> subprocess.Popen[bytes]:
        end_with_parent = _end_with_parent()

        def prepare() -> None:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._former_mask)
            end_with_parent()

        def prepare_group() -> None:
            if self._terminal is not None:
                end_with_parent(signal.SIGKILL)
                self._terminal.take_place(prepare)
                return
            if not self._shares_group:
                os.setpgid(0, 0)
            prepare()

        if self._terminal is not None:
            self._terminal.enter()
        try:
            return subprocess.Popen(
                self.command,
                stdin=self._terminal.child_end if self._terminal else None,
                stdout=self.streams[-1].child_end,
                stderr=self.streams[0].child_end,
                env=self.environment,
                close_fds=False,
                preexec_fn=prepare_group,
            )
        except FileNotFoundError:
            raise NotStartedError(f"{self.command[0]}: command not found", NOT_FOUND) from None
        except OSError as error:
            raise NotStartedError(f"{self.command[0]}: cannot be run: {error.strerror}", NOT_EXECUTABLE) from None

    def _forward(self, process: subprocess.Popen[bytes]) -> None:
        while True:
            number, is_from_keyboard = _next_signal()
            if number == signal.SIGWINCH:
                # The terminal has told the child as well, perhaps before its own terminal had the new size.
                for stream in self.streams:
                    if stream.is_terminal:
                        stream.resize()
            with suppress(ProcessLookupError):
                if self._terminal is None:
                    if not (is_from_keyboard and self._shares_group):
                        process.send_signal(number)
                elif number == signal.SIGWINCH:
                    self._terminal.resize()
                elif self._terminal.command:
                    os.kill(self._terminal.command, number)


def _next_signal() -> tuple[int, bool]:
    """Wait for a signal; return it, and whether the terminal sent it, to the whole foreground group."""
    if sys.platform != "darwin":
        found = signal.sigwaitinfo(FORWARDED)
        return found.si_signo, found.si_code > 0 and found.si_signo != signal.SIGWINCH
    number = signal.sigwait(FORWARDED)
    return number, number in FROM_KEYBOARD and _is_in_foreground()


def _is_in_foreground() -> bool:
    """Whether what is typed on the controlling terminal, if there is one, is for our process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


def _end_with_parent() -> Callable[..., object]:
    """Return what makes a new process end when this one is killed, where the system can; nobody could see it then."""
    if not sys.platform.startswith("linux"):
        return lambda _=signal.SIGTERM: None
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    return lambda number=signal.SIGTERM: prctl(PR_SET_PDEATHSIG, number)

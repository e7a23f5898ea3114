"""A terminal for the command alone, inside ours: what is typed here is typed there, with job control as in a shell."""

from __future__ import annotations

import fcntl
import os
import resource
import select
import signal
import termios
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress

STDIN = 0
TURN = 0.2
"""Seconds after which it is looked again whether what is typed is for us."""
SETTLED = 0.1
"""Seconds in which a command that was stopped has its last words passed on, and a signal reaches ourselves."""
MOST_TYPED = 1024
DESCRIPTORS = 1 << 12
"""More than we ever have open."""
STOPPED, ENDED, GO = b"s", b"e", b"g"


class Terminal:
    """The terminal that a command controls: `source` is our end, `child_end` its own.

    A keeper between us and the command leads the session, because a command that leads it could not be stopped.
    """

    def __init__(self) -> None:
        self.source, self.child_end = os.openpty()
        self._own = termios.tcgetattr(STDIN)
        termios.tcsetattr(self.child_end, termios.TCSANOW, self._own)
        self.resize()
        self._hear, self._tell = os.pipe()
        self._wait, self._go = os.pipe()
        self._is_raw = False
        self._is_stopped = False
        self._ended = threading.Event()
        self.command = 0

    @property
    def is_raw(self) -> bool:
        """Whether our own terminal leaves everything to that of the command."""
        return self._is_raw

    def resize(self) -> None:
        """Give the command's terminal the size of ours; who runs in it is told by the system."""
        with suppress(OSError):
            fcntl.ioctl(self.source, termios.TIOCSWINSZ, fcntl.ioctl(STDIN, termios.TIOCGWINSZ, bytes(8)))

    def enter(self) -> None:
        """Leave what is typed to the command's terminal, as long as it is typed for us."""
        if not self._is_raw and _is_in_front():
            tty.setraw(STDIN, termios.TCSADRAIN)
            self._is_raw = True

    def leave(self) -> None:
        """Give our terminal back as it was."""
        if self._is_raw and _is_in_front():
            self._is_raw = False
            termios.tcsetattr(STDIN, termios.TCSADRAIN, self._own)

    def take_place(self, prepare: Callable[[], object]) -> None:
        """In the new process: become the keeper, and return in the command, as soon as the terminal is its own."""
        os.setsid()
        fcntl.ioctl(STDIN, termios.TIOCSCTTY, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        command = os.fork()
        if command:
            self._keep(command)
        os.setpgid(0, 0)
        os.tcsetpgrp(STDIN, os.getpid())
        prepare()

    def start(self) -> None:
        """Begin to pass on what is typed, and to listen to the keeper; the command has its end by now."""
        for descriptor in (self._tell, self._wait):
            os.close(descriptor)
        self.command = int.from_bytes(os.read(self._hear, 4), "big")
        for work in (self._pass_on, self._listen):
            threading.Thread(target=work, daemon=True).start()

    def wait(self) -> None:
        """Wait for the command to end."""
        self._ended.wait()

    def finish(self) -> None:
        """Let the keeper go, which takes the terminal away from whatever is left in it."""
        with suppress(OSError):
            os.write(self._go, GO)
        self.leave()

    def _keep(self, command: int) -> None:
        """Tell what becomes of the command, and end as it has ended. Never returns."""
        for low, high in ((3, min(self._tell, self._wait)), (max(self._tell, self._wait) + 1, DESCRIPTORS)):
            os.closerange(low, high)
        os.closerange(min(self._tell, self._wait) + 1, max(self._tell, self._wait))
        os.write(self._tell, command.to_bytes(4, "big"))
        while True:
            _, status = os.waitpid(command, os.WUNTRACED)
            os.write(self._tell, STOPPED if os.WIFSTOPPED(status) else ENDED)
            os.read(self._wait, 1)
            if not os.WIFSTOPPED(status):
                break
            os.killpg(command, signal.SIGCONT)
        if os.WIFSIGNALED(status):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            number = os.WTERMSIG(status)
            if number != signal.SIGKILL:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
            os.kill(os.getpid(), number)
        os._exit(os.WEXITSTATUS(status))

    def _listen(self) -> None:
        while os.read(self._hear, 1) == STOPPED:
            time.sleep(SETTLED)
            self._is_stopped = True
            self.leave()
            # With us stops what the shell has put into one line with us.
            os.killpg(0, signal.SIGTSTP)
            time.sleep(SETTLED)
            self._is_stopped = False
            self.enter()
            os.write(self._go, GO)
        self._ended.set()

    def _pass_on(self) -> None:
        with suppress(OSError):
            while not self._ended.is_set():
                if self._is_stopped or not _is_in_front():
                    time.sleep(TURN)
                    continue
                self.enter()
                if select.select([STDIN], [], [], TURN)[0] and (typed := os.read(STDIN, MOST_TYPED)):
                    os.write(self.source, typed)


def is_all_ours(descriptor: int) -> bool:
    """Return whether a descriptor and standard input are the same terminal, and what is typed on it is for us."""
    if not (os.isatty(STDIN) and os.isatty(descriptor)):
        return False
    return os.ttyname(STDIN) == os.ttyname(descriptor) and _is_in_front()


def _is_in_front() -> bool:
    """Return whether what is typed on standard input is for our process group."""
    try:
        return os.tcgetpgrp(STDIN) == os.getpgrp()
    except OSError:
        return False

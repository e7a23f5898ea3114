"""Copies text to the clipboard of the person's own machine, by what the terminal itself understands (OSC 52)."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import TextIO

MOST = 74_994
"""Bytes that are copied at most; in the coding that is sent they are the 100,000 that every terminal accepts."""
CHUNK = 240
"""Bytes that GNU screen passes on in one piece."""
DEAF = ("", "dumb", "linux")
"""Terminals that show such sequences, or have no clipboard."""
PATIENCE = 5.0


def copy(text: str, terminal: TextIO) -> bool:
    """Copy `text` by way of `terminal`; return whether it was sent, for no terminal says what became of it."""
    data = text.encode(errors="replace")
    if not terminal.isatty() or os.environ.get("TERM", "") in DEAF or len(data) > MOST:
        return False
    if os.environ.get("TMUX") and _given_to_tmux(data):
        return True
    for piece in _pieces(f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"):
        terminal.write(piece)
    terminal.flush()
    return True


def _given_to_tmux(data: bytes) -> bool:
    """Return whether tmux has taken `data` into its buffers and passed it on to the terminal around it."""
    program = shutil.which("tmux")
    if program is None:
        return False
    try:
        done = subprocess.run([program, "load-buffer", "-w", "-"], input=data, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _pieces(sequence: str) -> Iterator[str]:
    """Yield `sequence` as what runs between us and the terminal passes it on."""
    if os.environ.get("TMUX"):
        yield f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    elif os.environ.get("STY"):
        yield from (f"\x1bP{sequence[at : at + CHUNK]}\x1b\\" for at in range(0, len(sequence), CHUNK))
    else:
        yield sequence

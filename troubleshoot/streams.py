"""Standard streams as a program needs them: all three there, and whatever is written can be encoded."""

from __future__ import annotations

import codecs
import io
import os
import sys

NAMES = ("stdin", "stdout", "stderr")
SPELT = str.maketrans(
    {"…": "...", "“": "'", "”": "'", "‘": "'", "’": "'", "→": "->", "×": "x", "≤": "<=", "≥": ">=", "–": "-", "—": "-"}
    | dict.fromkeys("─━═", "-")
    | dict.fromkeys("│┃║", "|")
    | dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯", "+")
    | dict.fromkeys("•●◦", "*")
)
"""How a terminal writes them that has only letters."""


def prepare() -> None:
    """Open what was closed before the start, and let no character that a stream cannot encode end the program."""
    for number, name in enumerate(NAMES):
        if getattr(sys, name) is None:
            try:
                os.fstat(number)
            except OSError:
                # The number must not be given to the next file that is opened.
                os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8"))
    codecs.register_error("spelt", _spelt)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="spelt")


def _spelt(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what stands for characters that cannot be encoded: another spelling, or the escape that JSON has."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(SPELT)
    return "".join(letter if letter.isascii() else _escaped(letter) for letter in text), error.end


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

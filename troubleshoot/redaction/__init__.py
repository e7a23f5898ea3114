"""Makes text from outside fit to be shown or saved: secrets become stable tokens, control characters go."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator

from troubleshoot.lazy import pattern
from troubleshoot.redaction.formats import issued
from troubleshoot.redaction.named import named

SALT = os.urandom(16)

LONGEST = 8 << 10
"""Characters of a text that are looked at for the one line that is shown of it."""
SHORT = 500
"""Characters of a text that is remembered, because what a log says is looked at in several places."""
SHORTEST = 6
"""Characters in front of a token that may be a secret of their own."""
COMMANDS = pattern(r"(:)(:[A-Za-z][A-Za-z\-]{2,30}(?:::|[ ]\w+=))|(?<!\S)(:)(:[A-Za-z][A-Za-z\-]{2,30}[ ])|(##)(\[)")
"""Commands to the runners of GitHub, which they obey wherever a line begins with them.

https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
"""
SMALL = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}
TOKEN = pattern(r"<secret \w+>")
ESCAPES = pattern(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
CONTROLS = pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def redact(text: str) -> str:
    """Return `text` with each secret replaced by a token that is the same for the same secret in this run."""
    return _remembered(text) if len(text) <= SHORT else _redacted(text)


def _redacted(text: str) -> str:
    pieces: list[str] = []
    position = 0
    for start, end in _secrets(text):
        pieces += (text[position:start], f"<secret {_token(text[start:end])}>")
        position = end
    return "".join((*pieces, text[position:])) if pieces else text


_remembered = functools.lru_cache(maxsize=4096)(_redacted)


def without_secrets(text: str) -> str:
    """Return `text` without its secrets, the same in every run, for what is compared with another run."""
    return TOKEN.sub("<secret>", redact(text))


def plain(text: str) -> str:
    """Return `text` without escape sequences, control characters and halves of characters (tabs and line ends stay)."""
    if text.isprintable():
        return text
    return CONTROLS.sub("", ESCAPES.sub("", text))


def shown(text: str, width: int = 200) -> str:
    """Return one line of foreign text as it may be shown: plain, redacted, at most `width` characters.

    It commands nothing, either, where a pipeline reads what is printed.
    """
    whole = disarmed(" ".join(plain(text).split()))
    # Hardly a secret has white space in it, so none is cut where it is no longer recognised.
    end = whole.find(" ", LONGEST)
    line = redact(whole if end < 0 else whole[:end])
    return line if len(line) <= width and end < 0 else f"{line[: width - 1]}…"


def disarmed(text: str) -> str:
    """Return `text` without commands to a pipeline that reads what is printed."""
    return COMMANDS.sub(_apart, text) if "::" in text or "##[" in text else text


def _apart(command: re.Match[str]) -> str:
    return " ".join(part for part in command.groups() if part)


def _secrets(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each secret starts and ends, in their order; those that overlap are one."""
    start = end = 0
    for first, last in sorted(_spans(text)):
        if first > end:
            if end:
                yield start, end
            start = first
        end = max(end, last)
    if end:
        yield start, end


def _spans(text: str) -> Iterator[tuple[int, int]]:
    lower = text.lower()
    if len(lower) != len(text):
        # A few letters become two, and all places behind them would be wrong.
        lower = text.translate(SMALL)
    for find in (issued, named):
        for start, end in find(text, lower):
            # A token is no part of a secret: what is redacted twice would change.
            token = text.find("<secret ", start, end + 1)
            if token - start >= SHORTEST:
                yield start, token
            elif token < 0:
                yield start, end


def _token(secret: str) -> str:
    import hashlib

    return hashlib.blake2b(secret.encode(errors="replace"), key=SALT, digest_size=3).hexdigest()

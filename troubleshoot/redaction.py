"""Makes text from outside fit to be shown or saved: secrets become stable tokens, control characters go."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

SALT = os.urandom(16)

LONGEST = 8 << 10
"""Characters of a text that are looked at for the one line that is shown of it."""
SHORTEST = 6
"""Bytes in front of a token that may be a secret of their own."""
SPACE = r"\t-\r\x1c-\x20\x85\pZ"
"""White space as Python sees it, inside brackets; RE2 alone knows that of ASCII."""
IS = rf"['\"]?[{SPACE}]*[:=][{SPACE}]*['\"]?"

HEADER = rf"\b(?:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key){IS}"
SETTING = rf"(?:password|passwd|secret(?:[_\-]?key)?|token|(?:api|access|private)[_\-]?key|session[_\-]?id){IS}"
NO_SECRET = r"(?:bearer|basic)(?:[^\pL\pN_]|$)|header"
"""What stands behind a header's name without being its value."""
# RE2, because whoever writes a log could keep any other machine busy for hours. Group 1 is the secret, if there is one.
PATTERNS = (
    rf"(?i)://[^{SPACE}:/@'\"]*:([^{SPACE}@/'\"]+)@",
    rf"(?i)\b(?:bearer|basic)[{SPACE}]+([A-Za-z0-9._~+/=\-]{{8,}})",
    rf"(?i){HEADER}(?:{NO_SECRET}|([^{SPACE}'\",;<][^{SPACE}'\",;]{{5,}}(?:;[{SPACE}]*[^{SPACE}'\",;]+)*))",
    rf"(?i){SETTING}([^{SPACE}'\",;&)}}\]<][^{SPACE}'\",;&)}}\]]{{5,}})",
    r"\b(eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)?)",
    r"\b((?:sk|pk|rk|ghp|gho|ghs|xox[abp]|AKIA|ASIA)[A-Za-z0-9_\-]{14,})",
)
TOKEN = re.compile(r"<secret \w+>")
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def redact(text: str) -> str:
    """Return `text` with each secret replaced by a token that is the same for the same secret in this run."""
    data = text.encode(errors="replace")
    pieces: list[bytes] = []
    position = 0
    for start, end in _secrets(data):
        pieces += (data[position:start], b"<secret %b>" % _token(data[start:end]))
        position = end
    return b"".join((*pieces, data[position:])).decode() if pieces else text


def without_secrets(text: str) -> str:
    """Return `text` without its secrets, the same in every run, for what is compared with another run."""
    return TOKEN.sub("<secret>", redact(text))


def plain(text: str) -> str:
    """Return `text` without escape sequences, control characters and halves of characters (tabs and line ends stay)."""
    return CONTROLS.sub("", ESCAPES.sub("", text))


def shown(text: str, width: int = 200) -> str:
    """Return one line of foreign text as it may be shown: plain, redacted, at most `width` characters."""
    whole = " ".join(plain(text).split())
    # No secret has white space in it, so none is cut where it is no longer recognised.
    end = whole.find(" ", LONGEST)
    line = redact(whole if end < 0 else whole[:end])
    return line if len(line) <= width and end < 0 else f"{line[: width - 1]}…"


@cache
def _compiled() -> tuple[Any, ...]:
    import re2

    options = re2.Options()
    options.log_errors = False
    return tuple(re2.compile(pattern, options) for pattern in PATTERNS)


def _secrets(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each secret starts and ends, in their order; those that overlap are one."""
    start = end = 0
    for first, last in sorted(_spans(data)):
        if first > end:
            if end:
                yield start, end
            start = first
        end = max(end, last)
    if end:
        yield start, end


def _spans(data: bytes) -> Iterator[tuple[int, int]]:
    for pattern in _compiled():
        for match in pattern.finditer(data):
            start, end = match.span(1)
            # A token is no part of a secret: what is redacted twice would change.
            token = data.find(b"<secret ", max(start, 0), end + 1)
            if token - start >= SHORTEST:
                yield start, token
            elif start >= 0 and token < 0:
                yield start, end


def _token(secret: bytes) -> bytes:
    import hashlib

    return hashlib.blake2b(secret, key=SALT, digest_size=3).hexdigest().encode()

"""Makes text from outside fit to be shown or saved: secrets become stable tokens, control characters go."""

from __future__ import annotations

import os
import re

SALT = os.urandom(16)

# Each pattern keeps its group `keep` and replaces its group `secret`.
PATTERNS = (
    re.compile(r"(?P<keep>\b[a-z][a-z0-9+.\-]*://[^\s:/@'\"]*:)(?P<secret>[^\s@/'\"]+)(?=@)", re.IGNORECASE),
    re.compile(r"(?P<keep>\b(?:bearer|basic)\s+)(?P<secret>[A-Za-z0-9._~+/=\-]{8,})", re.IGNORECASE),
    re.compile(
        r"(?P<keep>\b(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key)['\"]?\s*[:=]\s*['\"]?)"
        r"(?P<secret>(?!bearer\b|basic\b|header|<)[^\s'\",;]{6,}(?:;\s*[^\s'\",;]+)*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<keep>\b[\w\-]*(?:password|passwd|secret(?:[_\-]?key)?|token|api[_\-]?key|access[_\-]?key|private[_\-]?key|session[_\-]?id)"
        r"['\"]?\s*[:=]\s*['\"]?)(?P<secret>(?!<)[^\s'\",;&)}\]]{6,})",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<keep>)(?P<secret>\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)?)"),
    re.compile(r"(?P<keep>)(?P<secret>\b(?:sk|pk|rk|ghp|gho|ghs|xox[abp]|AKIA|ASIA)[_\-]?[A-Za-z0-9_\-]{14,}\b)"),
)
TOKEN = re.compile(r"<secret \w+>")
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def redact(text: str) -> str:
    """Return `text` with each secret replaced by a token that is the same for the same secret in this run."""
    for pattern in PATTERNS:
        text = pattern.sub(lambda found: f"{found['keep']}<secret {_token(found['secret'])}>", text)
    return text


def without_secrets(text: str) -> str:
    """Return `text` without its secrets, the same in every run, for what is compared with another run."""
    return TOKEN.sub("<secret>", redact(text))


def plain(text: str) -> str:
    """Return `text` without escape sequences, control characters and halves of characters (tabs and line ends stay)."""
    return CONTROLS.sub("", ESCAPES.sub("", text))


def shown(text: str, width: int = 200) -> str:
    """Return one line of foreign text as it may be shown: plain, redacted, at most `width` characters."""
    line = " ".join(redact(plain(text)).split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _token(secret: str) -> str:
    import hashlib

    return hashlib.blake2b(secret.encode(), key=SALT, digest_size=3).hexdigest()

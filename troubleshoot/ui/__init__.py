"""The terminal: the only place that imports questionary and rich."""

from __future__ import annotations

import os
from typing import TextIO


def draws(stream: TextIO) -> bool:
    """Whether `stream` shows more than plain text: a terminal that is not dumb, or FORCE_COLOR."""
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")

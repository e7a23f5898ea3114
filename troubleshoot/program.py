"""The name that the program was started by, for commands that people copy."""

from __future__ import annotations

import sys
from pathlib import Path

NAMES = ("troubleshoot", "fastapi-troubleshoot")
"""The names that it is installed under; the second is that of the distribution, for `uvx` and `pipx run`."""


def name() -> str:
    """Return the one of `NAMES` that it was started by; the first if it was started in another way."""
    started = Path(sys.argv[0]).name.removesuffix(".exe") if sys.argv else ""
    return started if started in NAMES else NAMES[0]

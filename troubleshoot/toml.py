"""TOML, on every Python that this program runs on."""

from __future__ import annotations

import sys
from typing import Any

from troubleshoot import limits

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]


def loads(text: str) -> dict[str, Any]:
    """Return the content of `text`. Raises ValueError."""
    limits.check_toml(text)
    try:
        content: dict[str, Any] = tomllib.loads(text)
    except RecursionError:
        raise ValueError("It is nested too deeply") from None
    return content

"""TOML, on every Python that this program runs on."""

from __future__ import annotations

import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]


def loads(text: str) -> dict[str, Any]:
    """Return the content of `text`. Raises ValueError."""
    content: dict[str, Any] = tomllib.loads(text)
    return content

"""Which files an application is made of, told by the words in them."""

from __future__ import annotations

import re

from troubleshoot.code.files import Files

WORDS = (b"fastapi", b"starlette", b"uvicorn")
"""A file without any of these names no route, dependency or middleware."""
MATTERS = (b"async ", b"asyncio", b"create_task", b"pydantic", b"sqlalchemy", b"sqlmodel", b"include_router")
"""A file without any of these, either, starts no task, declares no model and includes no router of the project's own
kind: it is read when another one imports it."""
NOT_SERVED = re.compile(r"(?:^|/)(?:tests?/|(?:test_[^/]*|[^/]*_test|conftest)\.py$)|(?:^|/)(?:alembic|migrations)/")
"""Tests and migrations, which run without the application unless they speak of it."""


def speaking(files: Files) -> list[str]:
    """Return the files that speak of FastAPI or Starlette and, where one does, those in which it may matter."""
    own = {path for path in files.paths if files.holds(path, *WORDS)}
    return [path for path in files.paths if path in own or (own and _matters(files, path))]


def _matters(files: Files, path: str) -> bool:
    return not NOT_SERVED.search(path) and files.holds(path, *MATTERS)

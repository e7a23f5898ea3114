"""From a child's JSON to the values of `described`: checked, without escape sequences, secrets and long paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from troubleshoot.errors import TroubleshootError
from troubleshoot.inspection.described import Application
from troubleshoot.redaction import plain, redact


def read(value: object, folder: Path) -> Application:
    """Return the application that a child described, with paths relative to `folder` where they lie below it.

    Raises `TroubleshootError` if it is no such description.
    """
    import pydantic

    try:
        return pydantic.TypeAdapter(Application).validate_python(_cleaned(value, "", folder))
    except pydantic.ValidationError as error:
        detail = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in detail["loc"])
        raise TroubleshootError(f"the description of the application is damaged at {where}: {detail['msg']}") from error


def _cleaned(value: Any, key: str, folder: Path) -> Any:
    """Return `value` without escape sequences; with shorter paths, and no secrets in options."""
    if isinstance(value, dict):
        inner = key if key == "options" else ""
        return {plain(name): _cleaned(item, inner or name, folder) for name, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item, key, folder) for item in value]
    if not isinstance(value, str):
        return value
    if key == "file":
        return shortened(plain(value), folder)
    return redact(plain(value)) if key in ("options", "error") else plain(value)


def shortened(file: str, folder: Path) -> str:
    """Return a file's path relative to `folder` if it lies below it and in no installed package."""
    path = Path(file)
    if "site-packages" in path.parts or not path.is_relative_to(folder):
        return file
    return str(path.relative_to(folder))

"""Where the knowledge and the templates are: in the installed package, in a checkout, or where the user says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from troubleshoot.errors import UsageError

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Content:
    """The two folders that hold everything the engine knows."""

    knowledge: Path
    templates: Path


def find_content(folder: Path | None = None) -> Content:
    """Return the content to use: below `folder` if given, else the package's own, else the checkout's.

    `folder` must hold `knowledge/` and `templates/`. Raises `UsageError` if they are not there.
    """
    if folder is not None:
        roots = [folder]
    else:
        roots = [PACKAGE]
        if (PACKAGE.parent / "pyproject.toml").is_file():
            roots.append(PACKAGE.parent)
    for root in roots:
        content = Content(root / "knowledge", root / "templates")
        if content.knowledge.is_dir() and content.templates.is_dir():
            return content
    raise UsageError(f"{roots[0]}: no folders knowledge/ and templates/ here")

"""Where the knowledge and the templates are: in the installed package, in a checkout, and in packs beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from troubleshoot.errors import UsageError

PACKAGE = Path(__file__).resolve().parent.parent


class Content(NamedTuple):
    """The two folders that hold everything the engine knows, and what others know besides.

    `name` is how a pack is called; what the program brings has none. Of the packs `beside`, what comes later takes the
    place of what has the same id.
    """

    knowledge: Path
    templates: Path
    name: str = ""
    beside: tuple[Content, ...] = ()

    @property
    def folders(self) -> tuple[Content, ...]:
        """This and the packs beside it, in the order in which they are read."""
        return (self, *self.beside)

    def named(self, name: str) -> Content:
        """Return the one of `folders` that is called so."""
        return next(pack for pack in self.folders if pack.name == name)

    def knowledge_file(self, name: str) -> Path:
        """Return where a file of the knowledge is: in the last of the folders that has it."""
        return next((path for pack in reversed(self.folders) if (path := pack.knowledge / name).exists()), Path(name))

    def template_file(self, name: str) -> Path:
        """Return where a template is: in the last of the folders that has it."""
        return next((path for pack in reversed(self.folders) if (path := pack.templates / name).exists()), Path(name))


def find_content(folder: Path | None = None, name: str | None = None) -> Content:
    """Return the content to use: below `folder` if given, else the package's own, else the checkout's.

    `folder` must hold `knowledge/` and `templates/`; it is called by its path, or `name`. Raises `UsageError` if they
    are not there.
    """
    if folder is not None:
        roots = [folder]
    else:
        roots = [PACKAGE]
        if (PACKAGE.parent / "pyproject.toml").is_file():
            roots.append(PACKAGE.parent)
    for root in roots:
        content = Content(root / "knowledge", root / "templates", "" if folder is None else name or str(folder))
        if content.knowledge.is_dir() and content.templates.is_dir():
            return content
    raise UsageError(f"{roots[0]}: no folders knowledge/ and templates/ here")


def together(packs: Sequence[Content]) -> Content:
    """Return the content of all `packs`, of which each folder counts once, and each has a name of its own."""
    seen: dict[Path, Content] = {}
    for pack in packs:
        taken = any(other.name == pack.name for other in seen.values())
        seen.setdefault(pack.knowledge.resolve(), pack._replace(name=str(pack.knowledge)) if taken else pack)
    first, *more = seen.values()
    return first._replace(beside=tuple(more))

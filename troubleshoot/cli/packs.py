"""Which knowledge a command uses: ours, what is named, what is installed, and what one's own project names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from troubleshoot.errors import UsageError

if TYPE_CHECKING:
    from troubleshoot.catalog.content import Content
    from troubleshoot.code.settings import Settings
    from troubleshoot.model import Catalog

SHOWN = 3
"""How many of the things that a pack takes over are named."""
FOUND, TOLD = "troubleshoot.content", "troubleshoot.overridden"
"""Where the context keeps what was found, and that it was said what a pack takes over."""
Folders = Annotated[
    list[Path] | None,
    typer.Option(
        "--knowledge", metavar="DIR", help="A folder with knowledge/ and templates/ to use beside ours. Repeatable."
    ),
]
Alone = Annotated[
    bool,
    typer.Option("--only-knowledge", help="Use what --knowledge names alone; without that, what the program brings."),
]
Tell = Callable[[str], None]


class Chosen(NamedTuple):
    """What `--knowledge` and `--only-knowledge` say."""

    folders: Sequence[Path] = ()
    alone: bool = False


def content_of(context: typer.Context) -> Content:
    """Return where the knowledge is that the command is to use; what one's own project names is said, once."""
    meta = context.find_root().meta
    if FOUND not in meta:
        meta[FOUND] = find(context.find_root().obj, tell)
    found: Content = meta[FOUND]
    return found


def tell(text: str) -> None:
    """Say something beside the result; it may hold what others have written."""
    from troubleshoot.redaction import plain

    typer.echo(plain(text), err=True)


def find(chosen: Chosen, tell: Tell) -> Content:
    """Return where the knowledge is; `tell` is told of what one's own project names. Raises `UsageError`."""
    from troubleshoot.catalog.content import find_content, together

    named = [find_content(folder) for folder in chosen.folders]
    if chosen.alone:
        return together(named or [find_content()])
    from troubleshoot.catalog.packs import installed_packs

    return together([find_content(), *installed_packs(), *_of_own_project(tell), *named])


def _of_own_project(tell: Tell) -> Iterator[Content]:
    """Yield the packs that the project names in whose folder the command was started."""
    from troubleshoot.catalog.cache import is_trusted
    from troubleshoot.catalog.content import find_content
    from troubleshoot.code.settings import PROJECT, read_settings

    try:
        settings = read_settings(Path.cwd())
    except (UsageError, OSError) as error:
        tell(f"no knowledge is taken from the project in this folder: {error}")
        return
    if not settings.knowledge:
        return
    project = settings.folder / PROJECT
    if not is_trusted(project):
        tell(f"not used: the knowledge that {project} names, which somebody else may have written")
        return
    for folder in settings.knowledge:
        try:
            yield find_content(settings.folder / folder)
        except UsageError as error:
            raise UsageError(f"{project}: knowledge: {error}") from error
        tell(f"used: the knowledge in {settings.folder / folder}, which {project} names")


def tell_not_used(settings: Settings, chosen: Chosen, content: Content) -> None:
    """Say which knowledge a project that is looked at names, if it is not one's own and so is not used."""
    from troubleshoot.code.settings import PROJECT

    used = {pack.knowledge.resolve() for pack in content.folders}
    for name in () if chosen.alone else settings.knowledge:
        folder = settings.folder / name
        if (folder / "knowledge").resolve() not in used:
            where = settings.folder / PROJECT
            tell(f"not used: the knowledge that {where} names; `--knowledge {folder} scan …` takes it")


def tell_overridden(context: typer.Context, catalog: Catalog) -> None:
    """Say, once, what packs have taken over from what was read before them."""
    meta = context.find_root().meta
    if meta.setdefault(TOLD, False):
        return
    meta[TOLD] = True
    for pack in dict.fromkeys(catalog.overridden.values()):
        taken = [what for what, by in catalog.overridden.items() if by == pack]
        more = f" and {len(taken) - SHOWN} more" if len(taken) > SHOWN else ""
        tell(f"{pack} takes the place of what was known as {', '.join(taken[:SHOWN])}{more}")


def chosen_in(context: typer.Context) -> Chosen:
    """Return what the options say of a command that has not begun, as when its words are completed."""
    given = context.find_root().params
    return Chosen([Path(folder) for folder in given.get("knowledge") or ()], bool(given.get("only_knowledge")))

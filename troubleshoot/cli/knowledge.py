"""`troubleshoot knowledge …`: for people who write it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from troubleshoot.cli import completing
from troubleshoot.cli.common import load, write
from troubleshoot.cli.packs import content_of
from troubleshoot.errors import ExitCode

STEP = 25
"""Pages after which progress is shown."""

app = typer.Typer(rich_markup_mode=None, help="Check, test and read the knowledge itself.")


@app.command("check")
def check_command(context: typer.Context) -> None:
    """Check every file of the knowledge: form, references, patterns, templates."""
    from troubleshoot.knowledge import check

    content = content_of(context)
    write(check(content))


@app.command("test")
def test_command(context: typer.Context) -> None:
    """Run the knowledge's own examples, those that must point at their cause and those that must not."""
    from troubleshoot.knowledge import test

    content, catalog = load(context)
    report = test(content, catalog)
    write(report.text)
    raise typer.Exit(ExitCode.KNOWLEDGE if report.failed else ExitCode.NAMED)


@app.command("alike")
def alike_command(context: typer.Context) -> None:
    """List the causes that share a main symptom and that no question tells apart, a pair a line."""
    from troubleshoot.knowledge import alike

    _, catalog = load(context)
    for pair in alike(catalog):
        write(" ".join(pair) + "\n")


@app.command("tree")
def tree_command(
    context: typer.Context,
    depth: Annotated[int, typer.Option("--depth", min=1, max=6, metavar="N", help="Questions in a row, at most.")] = 2,
    symptom: Annotated[
        str | None,
        typer.Option("--symptom", metavar="ID", help="Start from this symptom.", autocompletion=completing.symptoms),
    ] = None,
) -> None:
    """Unroll the dialogue into the decision tree that it is."""
    from troubleshoot.knowledge import tree

    _, catalog = load(context)
    for line in tree(catalog, depth, symptom):
        write(line + "\n")


@app.command("site")
def site_command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or an empty folder.", show_default=False)],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the pages in a folder that has some; other files stay.")
    ] = False,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="Where it will be served; makes a sitemap and canonical addresses."),
    ] = None,
) -> None:
    """Write the knowledge as pages to read and search, which need no network."""
    from troubleshoot.site.pages import Site, address_of
    from troubleshoot.site.writing import write_site

    address = address_of(url) if url is not None else ""
    content, catalog = load(context)
    files = Site(content, catalog, address).files()
    sizes = write_site(folder, _told(files) if sys.stderr.isatty() else files, force=force)
    write(f"{folder / 'index.html'}\n")
    typer.echo(f"wrote {folder}: {len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB", err=True)


def _told(files: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield `files`, and say in the terminal how far that is."""
    from troubleshoot.ui.progress import status

    try:
        for number, file in enumerate(files, start=1):
            if number % STEP == 0:
                status(f"writing page {number}")
            yield file
    finally:
        status("")

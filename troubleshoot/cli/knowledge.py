"""`troubleshoot knowledge …`: for people who write it."""

from __future__ import annotations

from typing import Annotated

import typer

from troubleshoot.cli import completing
from troubleshoot.cli.common import content_of, load, write
from troubleshoot.errors import ExitCode

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

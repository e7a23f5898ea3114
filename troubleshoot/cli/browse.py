"""`troubleshoot list` and `troubleshoot explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from troubleshoot.cli.common import ListFormat, is_drawn, load, write
from troubleshoot.cli.options import CauseId, Families
from troubleshoot.errors import ExitCode, UsageError


def explain_command(
    context: typer.Context,
    cause: CauseId,
    format: Annotated[ListFormat, typer.Option("--format", help="How to write it.")] = ListFormat.text,  # noqa: A002
) -> None:
    """Write the page of a cause."""
    from troubleshoot.catalog.naming import find_fix
    from troubleshoot.formats import explanation

    _, catalog = load(context)
    found, _ = find_fix(catalog, cause)
    if format is ListFormat.json:
        write(explanation.write_json(catalog, catalog.causes[found]))
    elif is_drawn():
        from troubleshoot.ui.page import show_explanation

        show_explanation(catalog, catalog.causes[found])
    else:
        write(explanation.write_text(catalog, catalog.causes[found]))


def list_command(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]…", help="Only what speaks of this; of each, if several.")
    ] = None,
    family: Families = None,
    questions: Annotated[
        bool, typer.Option("--questions", help="The questions, and what can be answered with --answer.")
    ] = False,
    format: Annotated[ListFormat, typer.Option("--format", help="How to write the list.")] = ListFormat.text,  # noqa: A002
) -> None:
    """Write the causes, or the questions, that speak of some words."""
    from troubleshoot.formats import listing

    if questions and family is not None:
        raise UsageError("--family is about causes; leave out one of it and --questions")
    _, catalog = load(context)
    asks = listing.questions(catalog, words or ()) if questions else []
    sections = {} if questions else listing.select(catalog, family, words or ())
    if format is ListFormat.json:
        write(listing.write_questions_json(asks) if questions else listing.write_json(sections, catalog.origins))
    elif is_drawn() and (asks or sections):
        from troubleshoot.ui import lists

        lists.show_questions(asks) if questions else lists.show_causes(sections, catalog.origins, by_family=not words)
    elif asks or sections:
        write(listing.write_questions(asks) if questions else listing.write_text(sections, catalog.origins))
    if not (asks or sections):
        said = " ".join(words or ())
        typer.echo(f"no {'question' if questions else 'cause'} speaks of {said!r}", err=True)
        raise typer.Exit(ExitCode.NO_CAUSE)

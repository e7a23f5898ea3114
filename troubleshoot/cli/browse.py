"""`troubleshoot list` and `troubleshoot explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from troubleshoot.cli.common import Families, ListFormat, is_drawn, load, write


def explain_command(
    context: typer.Context,
    cause: Annotated[str, typer.Argument(metavar="CAUSE", help="The id of a cause, such as `list` shows.")],
    format: Annotated[ListFormat, typer.Option("--format", help="How to write it.")] = ListFormat.text,  # noqa: A002
) -> None:
    """Explain a cause: how to recognise it, what happens, what to do."""
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
    family: Families = None,
    format: Annotated[ListFormat, typer.Option("--format", help="How to write the list.")] = ListFormat.text,  # noqa: A002
) -> None:
    """List the causes that are known."""
    from troubleshoot.formats import listing

    _, catalog = load(context)
    causes = listing.select(catalog, family)
    if format is ListFormat.json:
        write(listing.write_json(causes))
    elif is_drawn():
        from troubleshoot.ui.page import show_list

        show_list(catalog, causes)
    else:
        write(listing.write_text(catalog, causes))

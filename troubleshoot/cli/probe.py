"""`troubleshoot probe`: the snippets that find out by themselves what a question asks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from troubleshoot.cli import completing
from troubleshoot.cli.common import load, show_code


def probe_command(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A probe; without one, all are listed.", autocompletion=completing.probes),
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A value for the snippet; repeatable.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it to this file.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a probe, or which there are."""
    from troubleshoot.errors import UsageError, did_you_mean
    from troubleshoot.fixes.parameters import fill, parse_settings
    from troubleshoot.fixes.rendering import Renderer
    from troubleshoot.formats.prose import wrapped
    from troubleshoot.output import write_file

    content, catalog = load(context)
    probes = catalog.probes
    if name is None:
        for probe, (question, _) in probes.items():
            typer.echo("\n".join(wrapped(f"{probe}  {question.text}", "", "    ")))
        return
    if name not in probes:
        raise UsageError(f"no probe {name!r}{did_you_mean(name, probes)}; `troubleshoot probe` lists them")
    _, found = probes[name]
    values = fill(found.parameters, (), parse_settings(setting or ()))
    snippet = Renderer(content, catalog).probe(name, values)
    if output is None:
        show_code(snippet.text, snippet.language)
    else:
        write_file(output, snippet.text, force=force)
        typer.echo(f"wrote {output}", err=True)
    for line in wrapped(f"How to read it: {found.reading}", "", "  "):
        typer.echo(line, err=True)

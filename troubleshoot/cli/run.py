"""`troubleshoot run`."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from troubleshoot import program
from troubleshoot.cli.common import load
from troubleshoot.errors import OutputError, UsageError

if TYPE_CHECKING:
    from troubleshoot.model import Catalog, Evidence

OF_POSIX = ("fcntl", "termios")


def run_command(
    context: typer.Context,
    command: Annotated[list[str], typer.Argument(metavar="COMMAND…", help="What to run, best after --.")],
    watch_loop: Annotated[
        bool, typer.Option("--watch-loop", help="Report the lines that block the event loop of Python programs.")
    ] = False,
    slow: Annotated[
        float,
        typer.Option("--slow", min=0.02, max=3600, metavar="SECONDS", help="How long the event loop may be blocked."),
    ] = 0.1,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", help="Keep what was found, for `troubleshoot resume FILE`.")
    ] = None,
) -> None:
    """Supervise a command, and leave with its exit code."""
    try:
        from troubleshoot.supervision.observe import observe
    except ModuleNotFoundError as error:
        if error.name not in OF_POSIX:
            raise
        raise UsageError(
            f"run needs the terminals and signals of Unix, which this system does not have ({error.name} is missing); "
            f"write the server's output to a file and hand that over: {program.name()} answer --log FILE"
        ) from None
    from troubleshoot.formats.remark import Look
    from troubleshoot.ui import draws

    if math.isnan(slow):
        raise UsageError("--slow nan: expected a number of seconds")
    if save is not None and save.exists():
        raise UsageError(f"--save {save}: exists already; choose another name")
    content, catalog = load(context)
    is_coloured = draws(sys.stderr) and not os.environ.get("NO_COLOR")
    look = Look(width=_columns(), is_coloured=is_coloured)
    seen = observe(command, catalog, content, slow if watch_loop else None, look)
    if save is not None:
        _keep(catalog, seen.evidence, save)
    # Threads may be held up by a terminal or a pipe that nobody reads; leaving does not wait for them.
    os._exit(seen.exit_code)


def _keep(catalog: Catalog, evidence: Sequence[Evidence], path: Path) -> None:
    from troubleshoot.investigation.kept import keep
    from troubleshoot.investigation.session import Session

    try:
        keep(Session(catalog, observed=list(evidence)), path, force=False)
    except OutputError as error:
        typer.echo(f"troubleshoot: {error}", err=True)


def _columns() -> int:
    """Return how wide standard error is, as far as that matters."""
    from troubleshoot.formats.prose import WIDTH

    try:
        return min(WIDTH, os.get_terminal_size(sys.stderr.fileno()).columns or WIDTH)
    except OSError:
        return WIDTH

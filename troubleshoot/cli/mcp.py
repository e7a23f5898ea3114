"""`troubleshoot mcp`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from troubleshoot import program
from troubleshoot.cli.common import load
from troubleshoot.errors import UsageError

DEFAULT_PORT = 8765


def mcp_command(
    context: typer.Context,
    http: Annotated[bool, typer.Option("--http", help="Over HTTP on 127.0.0.1, not over standard streams.")] = False,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            metavar="N",
            help="With --http; 0 takes a free one.",
            show_default=str(DEFAULT_PORT),
        ),
    ] = None,
    root: Annotated[
        list[Path] | None,
        typer.Option(
            "--root",
            metavar="DIR",
            help="Only below these folders paths may lie. Repeatable.",
            show_default="what the client names, else the current folder",
        ),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="`fix` may change source when it is told to apply.")] = False,
    allow_import: Annotated[
        bool, typer.Option("--allow-import", help="`diagnose` may import an application, which runs its code.")
    ] = False,
) -> None:
    """Serve until the client leaves."""
    if port is not None and not http:
        raise UsageError("--port goes with --http")
    try:
        from troubleshoot.serving.server import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types", "anyio"):
            raise
        raise UsageError("`mcp` needs the MCP SDK: pip install 'fastapi-troubleshoot[mcp]'") from error
    from troubleshoot.api import Knowledge
    from troubleshoot.serving.desk import Desk

    knowledge = Knowledge.of(*load(context))
    if not http and sys.stdin.isatty():
        typer.echo(f"this speaks with a program, which starts it; `{program.name()} help mcp` shows how", err=True)
    desk = Desk(knowledge, may_import=allow_import, may_write=write)
    serve(desk, root or (), (DEFAULT_PORT if port is None else port) if http else None)

"""`troubleshoot scan`."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from troubleshoot.cli.common import load, write


def scan_command(context: typer.Context, paths: list[Path], format: str = "json") -> None:  # noqa: A002
    """Search source for causes."""
    from troubleshoot.code.files import Files
    from troubleshoot.code.scan import find

    _, catalog = load(context)
    root = paths[0]
    names = sorted(str(path.relative_to(root)) for path in root.rglob("*.py"))
    files = Files(str(root), names)
    found = find(files, catalog, {})
    keys = ("path", "line", "column", "end_line", "cause", "severity", "function", "message", "chain")
    write(
        json.dumps(
            {
                "schema": 1,
                "files": len(names),
                "findings": [{k: getattr(f, k) for k in keys} for f in found],
                "skipped": [{"source": s.source, "location": s.location, "why": s.why} for s in files.skipped],
            }
        )
    )

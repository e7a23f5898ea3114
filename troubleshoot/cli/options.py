"""The options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from troubleshoot.cli import completing

Complaint = Annotated[str, typer.Argument(help="What is wrong, in your own words.", show_default=False)]
Logs = Annotated[
    list[str] | None, typer.Option("--log", metavar="FILE", help="A log or traceback; - is standard input. Repeatable.")
]
Answers = Annotated[
    list[str] | None,
    typer.Option(
        "--answer",
        metavar="QUESTION=OPTION",
        help="Something you know; `list --questions` shows what. Repeatable.",
        autocompletion=completing.answers,
    ),
]
AnswersFile = Annotated[
    Path | None, typer.Option("--answers", metavar="FILE", help="A YAML or JSON file that maps questions to options.")
]
Source = Annotated[
    Path | None, typer.Option("--source", metavar="DIR", help="Your source; it is read, and nothing of it is run.")
]
Findings = Annotated[
    list[Path] | None,
    typer.Option("--findings", metavar="FILE", help="What another tool found, in SARIF. Repeatable."),
]
App = Annotated[
    str | None,
    typer.Option(
        "--app",
        metavar="MODULE:APP",
        help="Import this application and look at it; MODULE:MAKE() calls MAKE, . is the one of this folder.",
    ),
]
Interpreter = Annotated[
    str | None,
    typer.Option("--python", metavar="PATH", help="The interpreter to import it with.", show_default=False),
]
Families = Annotated[
    str | None,
    typer.Option("--family", metavar="FAMILY", help="Only this family.", autocompletion=completing.families),
]
CauseId = Annotated[
    str,
    typer.Argument(
        metavar="CAUSE",
        help="Its id as `list` shows it; what stands behind the / is enough.",
        autocompletion=completing.causes,
    ),
]
Plain = Annotated[bool, typer.Option("--plain", help="Numbered choices and no drawing, for screen readers.")]

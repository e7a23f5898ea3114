"""`troubleshoot help`."""

from __future__ import annotations

from typing import Annotated

import typer

from troubleshoot import program
from troubleshoot.cli import completing
from troubleshoot.cli.common import is_drawn, write
from troubleshoot.errors import UsageError

Topic = Annotated[
    str | None,
    typer.Argument(
        metavar="TOPIC", help="What to read about; without one, all are listed.", autocompletion=completing.topics
    ),
]


def help_command(context: typer.Context, topic: Topic = None) -> None:
    """Write a topic, or which there are."""
    from troubleshoot import topics

    known = topics.headings()
    if topic is not None and topic not in known and topic in getattr(context.find_root().command, "commands", ()):
        raise UsageError(f"no topic {topic!r}; `{program.name()} {topic} --help` lists what that command takes")
    if topic is not None:
        text = topics.read(topic)
        if is_drawn():
            from troubleshoot.ui.topics import show_topic

            show_topic(text)
        else:
            write(text)
        return
    if is_drawn():
        from troubleshoot.ui.topics import show_topics

        show_topics(known)
    else:
        width = max(map(len, known))
        write("".join(f"{name:{width}}  {heading}\n" for name, heading in known.items()))

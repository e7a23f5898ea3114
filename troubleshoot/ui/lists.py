"""The lists of what is known, as trees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text
from rich.tree import Tree

from troubleshoot.catalog.naming import origin, stem
from troubleshoot.formats.listing import Sections
from troubleshoot.model import Ask
from troubleshoot.ui.page import console


def show_causes(sections: Sections, origins: Mapping[str, str], *, by_family: bool) -> None:
    """Print causes as a tree under their headings; `origins` are the packs of those that are not ours.

    `by_family` leaves out what all ids below a heading have.
    """
    root = Tree(Text(f"{sum(map(len, sections.values()))} causes", style="bold"), guide_style="dim")
    for heading, causes in sections.items():
        branch = root.add(Text(heading, style="bold cyan"))
        for cause in causes:
            label = Text(stem(cause.id) if by_family else cause.id, style="green")
            label.append(f"  {cause.title}{origin(origins.get(cause.id, ''))}", style="default")
            branch.add(label)
    console().print(root)


def show_questions(asks: Sequence[Ask]) -> None:
    """Print questions as a tree, each with its options as they are answered on the command line."""
    root = Tree(Text(f"{len(asks)} questions, each with what can be answered", style="bold"), guide_style="dim")
    for ask in asks:
        branch = root.add(Text(ask.text, style="bold cyan"))
        for option, text in ask.options.items():
            label = Text(f"--answer {ask.question}={option}", style="green")
            label.append(f"  {text}", style="default")
            branch.add(label)
    console().print(root)

"""What the objects of an application prove: each fact a small id, a place and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from troubleshoot.inspection.described import Application
from troubleshoot.inspection.facts import dependencies, lifecycle, middleware, routes
from troubleshoot.inspection.facts.interface import Fact

__all__ = ["GROUPS", "KNOWN", "ORDINARY", "REMARKABLE", "Fact", "establish"]

GROUPS = (middleware, routes, dependencies, lifecycle)

REMARKABLE: Mapping[str, str] = {id_: about for group in GROUPS for id_, about in group.REMARKABLE.items()}
"""Facts that show a mistake, with what each of them means."""

ORDINARY: Mapping[str, str] = {id_: about for group in GROUPS for id_, about in group.ORDINARY.items()}
"""Facts that only rule something out, with what each of them means."""

KNOWN: Mapping[str, str] = {**REMARKABLE, **ORDINARY}


def establish(app: Application) -> tuple[Fact, ...]:
    """Return every fact that holds of `app`, remarkable ones first, in the order of the application."""
    rules: list[Callable[[Application], Iterator[Fact]]] = [rule for group in GROUPS for rule in group.RULES]
    found = list(dict.fromkeys(fact for rule in rules for fact in rule(app)))
    return tuple(sorted(found, key=lambda fact: fact.id in ORDINARY))

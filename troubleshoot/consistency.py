"""What no single file of the knowledge can show: names in it that the program itself must know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from troubleshoot.catalog import did_you_mean
from troubleshoot.model import Cause

if TYPE_CHECKING:
    from troubleshoot.strict_yaml import Path as YamlPath


def problems_of(cause: Cause) -> Iterator[tuple[YamlPath, str]]:
    """Yield where `cause` names a fact that the program does not establish, and what to write instead."""
    if not cause.facts:
        return
    from troubleshoot.inspection.facts import KNOWN

    for fact in cause.facts:
        if fact not in KNOWN:
            hint = did_you_mean(fact, KNOWN) or f"; there are {', '.join(sorted(KNOWN))}"
            yield ("facts", fact), f"no fact {fact!r} is established by inspect{hint}"

"""What is made of a catalog before a case can be looked at, kept for the next case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from troubleshoot.engine.ranking import Likelihoods
from troubleshoot.model import Catalog

if TYPE_CHECKING:
    from troubleshoot.sources.logs import Wanted

T = TypeVar("T")


def _kept(make: Callable[[Catalog], T]) -> Callable[[Catalog], T]:
    """Return `make` with its result for the last catalog kept, for a program that looks at one case after another."""
    last: list[tuple[Catalog, T]] = []

    def made(catalog: Catalog) -> T:
        for known, value in last:
            if known is catalog:
                return value
        value = make(catalog)
        last[:] = [(catalog, value)]
        return value

    return made


def _all_of(catalog: Catalog) -> Wanted:
    from troubleshoot.sources.logs import Wanted

    return Wanted.all_of(catalog)


likelihoods_of = _kept(Likelihoods.of)
"""Returns a catalog in the form that the arithmetic wants."""
wanted_of = _kept(_all_of)
"""Returns what is searched for in logs and complaints."""

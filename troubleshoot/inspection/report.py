"""What `inspect` has to say: the application, its facts, and the causes that they name."""

from __future__ import annotations

from troubleshoot.inspection.described import Application
from troubleshoot.inspection.facts import ORDINARY, Fact
from troubleshoot.model import Catalog, Weight
from troubleshoot.values import frozen


@frozen
class Named:
    """A cause that facts confirm, or support, with the ids of these facts."""

    cause: str
    title: str
    weight: Weight
    facts: tuple[str, ...]


@frozen
class Report:
    """An application under the name it was asked for, its facts (remarkable ones first), and the causes they name."""

    target: str
    app: Application
    facts: tuple[Fact, ...]
    causes: tuple[Named, ...]

    @property
    def remarkable(self) -> tuple[Fact, ...]:
        """The facts that show a mistake."""
        return tuple(fact for fact in self.facts if fact.id not in ORDINARY)

    @property
    def ordinary(self) -> tuple[Fact, ...]:
        """The facts that only rule something out."""
        return tuple(fact for fact in self.facts if fact.id in ORDINARY)


def report(catalog: Catalog, target: str, app: Application, facts: tuple[Fact, ...]) -> Report:
    """Return the report on `app`; causes that are confirmed come before those that are only supported."""
    held = {fact.id for fact in facts} - set(ORDINARY)
    named = []
    for cause in catalog.causes.values():
        said: dict[Weight, list[str]] = {"confirms": [], "supports": []}
        for fact, weight in cause.facts.items():
            if fact in held and weight in said:
                said[weight].append(fact)
        strongest: Weight = "confirms" if said["confirms"] else "supports"
        if said[strongest]:
            named.append(Named(cause=cause.id, title=cause.title, weight=strongest, facts=tuple(said[strongest])))
    named.sort(key=lambda item: (item.weight != "confirms", item.cause))
    return Report(target=target, app=app, facts=facts, causes=tuple(named))

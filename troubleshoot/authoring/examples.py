"""The examples of the knowledge, run: which point at their cause, and which of those that must not do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from troubleshoot.authoring.scaffold import unwritten
from troubleshoot.catalog.content import Content
from troubleshoot.investigation.examination import examine_complaint
from troubleshoot.investigation.session import Session
from troubleshoot.model import Catalog, Cause
from troubleshoot.sources.logs import Wanted

POINTED_AT = 3
"""An example must bring its cause among this many."""


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """How many examples hold, and a line for each that does not."""

    passed: int
    failed: Sequence[str]

    @property
    def text(self) -> str:
        """The failures, and the closing line."""
        return "".join(f"{line}\n" for line in (*self.failed, f"{self.passed} passed, {len(self.failed)} failed"))


def run_examples(content: Content, catalog: Catalog, only: Sequence[str]) -> ExampleReport:
    """Run the examples of every cause, or of `only` these, and tell what of them is still to write."""
    passed = 0
    causes = [catalog.causes[id_] for id_ in only or catalog.causes]
    failed = list(unwritten(content, catalog, causes))
    wanted = Wanted.all_of(catalog)
    for cause in causes:
        for failure in _example_failures(content, catalog, cause, wanted):
            if failure:
                failed.append(failure)
            else:
                passed += 1
    return ExampleReport(passed, failed)


def _example_failures(content: Content, catalog: Catalog, cause: Cause, wanted: Wanted) -> Iterator[str]:
    """Yield, for each example of `cause`, what is wrong with it; nothing if it holds."""
    for number, text in enumerate(cause.examples.matches, start=1):
        leaders = _leaders(content, catalog, text, wanted)
        ids = [candidate for candidate, _ in leaders]
        yield (
            ""
            if cause.id in ids[:POINTED_AT]
            else f"{cause.id}: matches {number} points at {', '.join(ids[:POINTED_AT]) or 'nothing'}"
        )
    for number, text in enumerate(cause.examples.rejects, start=1):
        leaders = _leaders(content, catalog, text, wanted)
        named = bool(leaders) and leaders[0] == (cause.id, True)
        yield f"{cause.id}: rejects {number} is diagnosed as it" if named else ""


def _leaders(content: Content, catalog: Catalog, text: str, wanted: Wanted) -> list[tuple[str, bool]]:
    """Return the causes that `text` points at, most probable first, and whether each is diagnosed."""
    session = Session(catalog)
    examine_complaint(text, session, content, wanted=wanted)
    diagnosis = session.diagnosis()
    sure = diagnosis.status == "diagnosed"
    return [(candidate.cause, sure and index == 0) for index, candidate in enumerate(diagnosis.candidates)]

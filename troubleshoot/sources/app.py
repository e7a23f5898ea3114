"""An application as a source of evidence: it is imported in a child process, and its objects prove facts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from troubleshoot.inspection.described import Application
from troubleshoot.inspection.facts import Fact, establish
from troubleshoot.inspection.run import ImportFailedError, NotExaminedError, Target, Tell, inspect
from troubleshoot.model import Catalog, Evidence, Skipped, Version
from troubleshoot.redaction import shown
from troubleshoot.sources.logs import LogSource


@dataclass(slots=True)
class AppSource:
    """One application. `tell` is told how the import is going on.

    After `collect`, `application` and `facts` hold what was found, or `failed` is the exception that ended the import;
    then `exceptions` and `quoted` hold what a log with its traceback would.
    """

    catalog: Catalog
    target: Target
    tell: Tell = lambda _: None
    application: Application | None = None
    facts: tuple[Fact, ...] = ()
    failed: str = ""
    exceptions: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)

    def collect(self) -> Iterator[Evidence | Version | Skipped]:
        """Yield a piece of evidence for each fact and each cause it speaks about; a failed import is read as a log.

        Raises `UsageError` if the target is no application.
        """
        try:
            self.application = inspect(self.target, self.tell)
        except NotExaminedError as error:
            yield Skipped(source="app", location=self.target.name, why=str(error))
        except ImportFailedError as error:
            yield from self.read_traceback(error)
        else:
            self.facts = establish(self.application)
            for fact in self.facts:
                yield from evidence_of(self.catalog, fact, self.target.name)

    def read_traceback(self, error: ImportFailedError) -> Iterator[Evidence | Version | Skipped]:
        """Yield what the traceback of a failed import shows."""
        log = LogSource(self.catalog, io.BytesIO(error.traceback.encode()), "", source="app")
        yield from log.collect()
        self.failed = " ".join((log.exceptions[-1] if log.exceptions else error.error, error.place)).strip()
        self.exceptions, self.quoted = log.exceptions, log.quoted


def evidence_of(catalog: Catalog, fact: Fact, application: str) -> Iterator[Evidence]:
    """Yield what `fact` says about each cause."""
    place = fact.place
    captured = {"path": fact.path, "origin": fact.origin}
    if place is not None:
        captured |= {"file": place.file, "line": str(place.line), "module": place.module, "function": place.short}
    for cause in catalog.causes.values():
        if fact.id in cause.facts:
            yield Evidence(
                kind="signal",
                subject=cause.id,
                value=cause.facts[fact.id],
                key=fact.id,
                source="app",
                location=(place.location if place else "") or application,
                what=shown(fact.what, 300),
                captured={name: value for name, value in captured.items() if value},
            )

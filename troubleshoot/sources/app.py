"""An application as a source of evidence: it is imported in a child process, and its objects prove facts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from troubleshoot.inspection.described import Application
from troubleshoot.inspection.facts import Fact, establish
from troubleshoot.inspection.run import ImportFailedError, NotExaminedError, Tell, inspect
from troubleshoot.inspection.target import Target
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
            name, self.application = inspect(self.target, self.tell)
        except NotExaminedError as error:
            yield Skipped(source="app", location=self.target.name, why=str(error))
        except ImportFailedError as error:
            yield from self.read_traceback(error)
        else:
            self.target = replace(self.target, name=name)
            self.facts = establish(self.application)
            for fact in self.facts:
                yield from evidence_of(self.catalog, fact, self.target.name)

    def read_traceback(self, error: ImportFailedError) -> Iterator[Evidence | Version | Skipped]:
        """Yield what the traceback of a failed import shows."""
        log = LogSource(self.catalog, io.BytesIO(error.traceback.encode()), "", source="app")
        for item in log.collect():
            # An interpreter of ours says nothing about the versions that the server has.
            if not (isinstance(item, Version) and self.target.interpreter.is_ours):
                yield item
        self.failed = str(error)
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

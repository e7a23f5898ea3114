"""What somebody takes for the cause who has read the case and the list of causes, such as a coding agent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from troubleshoot.catalog.naming import find_cause
from troubleshoot.model import Catalog, Evidence, Sureness


@dataclass(frozen=True, slots=True)
class ReadingSource:
    """Causes by their ids, or short ids, and how sure the reader is of each."""

    catalog: Catalog
    candidates: Mapping[str, Sureness]

    def collect(self) -> Iterator[Evidence]:
        """Yield what each of them says. Raises `UsageError` for a cause that is not there."""
        for name, sureness in self.candidates.items():
            yield Evidence(
                kind="reading",
                subject=find_cause(self.catalog, name),
                value=sureness,
                source="reader",
                what=f"whoever has read the case finds it {'certain' if sureness == 'sure' else sureness}",
            )

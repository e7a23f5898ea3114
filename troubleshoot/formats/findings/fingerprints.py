"""What tells one finding from another in the next run as well, when lines have moved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from troubleshoot.model import Finding
from troubleshoot.redaction import without_secrets


def fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with its fingerprint; no two have the same."""
    seen: Counter[tuple[str, ...]] = Counter()
    for item in findings:
        # The token of a secret is another one in the next run.
        key = (item.path, item.cause, item.function, without_secrets(item.message))
        seen[key] += 1
        yield item, digest(*key, str(seen[key]))


def digest(*parts: str) -> str:
    """Return a short text for several."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

"""`# troubleshoot: ignore[cause]` comments."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from troubleshoot.model import Finding

COMMENT = re.compile(r"#\s*troubleshoot:\s*ignore(?:\[(?P<causes>[^\]]*)\])?")
WORD = b"troubleshoot:"
EVERYTHING = frozenset(("*",))


def unsuppressed(findings: Iterable[Finding], source: Callable[[str], bytes]) -> Iterator[Finding]:
    """Yield the findings that no comment asks to be ignored.

    A comment holds for the statement it stands on, from its first line to its last, and on a line of its own for the
    line below. `source` returns what is in a file.
    """
    comments = cache(lambda path: _comments(source(path)))
    for finding in findings:
        lines = comments(finding.path)
        ignored = [lines[line] for line in range(finding.line, finding.end_line + 1) if line in lines]
        if not any(causes is EVERYTHING or finding.cause in causes for causes in ignored):
            yield finding


def _comments(data: bytes) -> dict[int, frozenset[str]]:
    """Return the causes that are ignored on each line."""
    if WORD not in data:
        return {}
    found: dict[int, frozenset[str]] = {}
    try:
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            match = COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if match is not None:
                alone = token.line[: token.start[1]].strip() == ""
                line = token.start[0] + (1 if alone else 0)
                names = match["causes"]
                causes = EVERYTHING if names is None else frozenset(name.strip() for name in names.split(","))
                found[line] = causes
    except (tokenize.TokenError, SyntaxError, IndentationError):
        # Newer syntax; what was found before it holds.
        pass
    return found

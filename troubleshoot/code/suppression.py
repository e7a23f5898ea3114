"""`# troubleshoot: ignore[cause]` comments."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache

from troubleshoot.catalog.naming import stem
from troubleshoot.model import Finding

# A bracket that is never closed asks for nothing: it must not ignore more than it names.
COMMENT = re.compile(r"#\s*troubleshoot:\s*ignore(?![\w-])(?:\s*\[(?P<causes>[^][]*)\]|(?!\s*\[))")
NOQA = re.compile(r"#\s*noqa\s*:\s*(?P<rules>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)", re.IGNORECASE)
WORD = b"troubleshoot:"
EVERYTHING = frozenset(("*",))
LAYOUT = (tokenize.ENCODING, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def unsuppressed(findings: Iterable[Finding], source: Callable[[str], bytes]) -> Iterator[Finding]:
    """Yield the findings that no comment asks to be ignored.

    A comment holds for the statement it stands on, from its first line to its last; on a line of its own for the
    statement right below, or, inside brackets, for the line below. `source` returns what is in a file.
    """
    comments = cache(lambda path: _comments(source(path)))
    for finding in findings:
        ignored = comments(finding.path).get(finding.line, frozenset())
        if ignored.isdisjoint(("*", finding.cause, stem(finding.cause))):
            yield finding


def is_settled(line: str, rules: Iterable[str]) -> bool:
    """Return whether a `# noqa: RULE` on a line accepts what one of these patterns of ruff's rules is about."""
    accepted = NOQA.search(line)
    names = re.split(r"[,\s]+", accepted["rules"].strip()) if accepted else []
    return any(fnmatchcase(name, rule) for name in names for rule in rules)


def _comments(data: bytes) -> dict[int, frozenset[str]]:
    """Return the causes that are ignored on each line, `*` for all of them."""
    if WORD not in data:
        return {}
    found: dict[int, frozenset[str]] = {}
    above: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    first = 0
    try:
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            line = token.start[0]
            if token.type == tokenize.COMMENT:
                causes = _ignored(token.string)
                if token.line[: token.start[1]].strip():
                    # Its own line at once, in case that the statement never ends.
                    found[line] = found.get(line, frozenset()) | causes
                    on |= causes
                elif first:
                    found[line + 1] = causes
                else:
                    above |= causes
            elif token.type == tokenize.NEWLINE:
                for number in range(first, line + 1):
                    found[number] = found.get(number, frozenset()) | above | on
                above, on, first = frozenset(), frozenset(), 0
            elif token.type == tokenize.NL:
                if not first and not token.line.strip():
                    above = frozenset()
            elif token.type not in LAYOUT and not first:
                first = line
    except (tokenize.TokenError, SyntaxError, IndentationError):
        # Newer syntax; what was found before it holds.
        pass
    return found


def _ignored(comment: str) -> frozenset[str]:
    """Return the causes that a comment asks to ignore."""
    asked = [match["causes"] for match in COMMENT.finditer(comment)]
    if None in asked:
        return EVERYTHING
    return frozenset(name.strip() for causes in asked for name in causes.split(","))
